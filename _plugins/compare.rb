# frozen_string_literal: true

module Gallery
  # The pictures of one photo that the viewer compares, in the order of the gallery's vocabulary:
  # each with its id, kind, label, description, files (narrowest first), file of full size (for a
  # cut-out a smaller lossless one, where there is one), the ground that it stands on, its
  # uncertain edges, and the first digits of what made it.
  class Sources
    def initialize(photo, methods, kinds)
      @photo = photo
      @titles = methods.to_h { |method| [method["name"], method["title"]] }
      @kinds = kinds
    end

    # Kinds of results that follow each other stay together: all of one result, then the next.
    def all
      groups = @kinds.chunk_while { |kind, following| kind["of_result"] == following["of_result"] }
      groups.flat_map do |kinds|
        results = kinds.first["of_result"] ? @photo["results"] : [nil]
        results.flat_map { |result| kinds.filter_map { |kind| source(kind, result) } }
      end
    end

    private

    # Nothing, where the photo has no picture of the kind.
    def source(kind, result)
      pictures = pictures_of(kind["kind"], result)
      return unless pictures

      by = result && @photo["results"].size > 1 ? " (#{@titles[result["method"]]})" : ""
      names = { "{title}" => @photo["title"], "{by}" => by }
      {
        "id"     => [kind["kind"], result && result["method"]].compact.join("."),
        "kind"   => kind["kind"],
        "label"  => "#{kind["label"]}#{by}",
        "alt"    => kind["alt"].gsub(/{title}|{by}/, names),
        "ground" => kind["ground"],
        "result" => result && result["checkpoint_sha256"][0, 12],
        **pictures,
      }
    end

    def pictures_of(kind, result)
      case kind
      when "photo" then photo
      when "cutout" then cutout(result)
      when "mask" then { "files" => result["cutout_sizes"], "full" => result["mask"] }
      when "heat" then { "files" => [result["mask"]] }
      when "reference" then single(@photo["reference"])
      when "truth" then single(@photo["ground_truth"])
      else raise Jekyll::Errors::FatalException, "_plugins/compare.rb has no files for #{kind}"
      end
    end

    def photo
      full = { "src" => @photo["full"], "bytes" => @photo["full_bytes"] }
      { "files" => @photo["sizes"], "full" => full }
    end

    def cutout(result)
      {
        "files" => result["cutout_sizes"],
        "full"  => result["cutout_full"] || result["cutout"],
        "edges" => result["edges"],
      }
    end

    def single(file)
      file && { "files" => [file] }
    end
  end

  # Filters of the viewer's includes.
  module CompareFilters
    # A photo → its sources; those to begin with have "part": "a" or "b".
    def sources(photo, methods, before, after)
      kinds = Gallery::Vocabulary.of(@context.registers[:site], "sources")
      list = Sources.new(photo, methods, kinds).all
      { "a" => before, "b" => after }.each do |part, wanted|
        source = list.find { |candidate| candidate.values_at("id", "kind").include?(wanted) }
        source["part"] ||= part if source
      end
      list
    end

    # The gallery → one of its photos, or nothing and a warning.
    def find_photo(gallery, dataset_name, photo_name)
      datasets = gallery ? gallery["datasets"] : []
      dataset = datasets.find { |candidate| candidate["name"] == dataset_name }
      photo = dataset && dataset["photos"].find { |candidate| candidate["name"] == photo_name }
      warn_of_missing("#{dataset_name}/#{photo_name}") unless photo
      photo
    end

    private

    def warn_of_missing(photo)
      page = @context.registers[:page]["path"]
      Jekyll.logger.warn "Compare:", "#{page} asks for #{Wording.visible(photo)}, which the " \
                                     "gallery lacks"
    end
  end
end

Liquid::Template.register_filter(Gallery::CompareFilters)
