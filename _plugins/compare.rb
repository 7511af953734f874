# frozen_string_literal: true

module Gallery
  # The pictures of one photo that the viewer compares, each with its id, label, description, files
  # (narrowest first), file of full size, the ground that it stands on and its uncertain edges.
  class Sources
    def initialize(photo, models)
      @photo = photo
      @titles = models.to_h { |model| [model["name"], model["title"]] }
      @title = photo["title"]
    end

    def all
      [photo, *@photo["results"].flat_map { |result| made_by(result) }, reference, truth].compact
    end

    private

    def photo
      source("photo", "Photo", "#{@title}, the photo", @photo["sizes"], "full" => @photo["full"])
    end

    def made_by(result)
      by = @photo["results"].size > 1 ? " (#{@titles[result["model"]]})" : ""
      name, cutout, mask = result.values_at("model", "cutout_sizes", "mask")
      [
        source("cutout.#{name}", "Cut-out#{by}", "#{@title}, cut out#{by}", cutout,
               "full" => result["cutout"]["src"], "edges" => result["edges"], "ground" => "checker"),
        source("mask.#{name}", "Mask#{by}", "Mask of #{@title}#{by}: the object is white", cutout,
               "full" => mask["src"], "ground" => "black"),
        source("heat.#{name}", "Heat map#{by}", "Heat map of #{@title}#{by}: the object is bright",
               [mask], "ground" => "black"),
      ]
    end

    def reference
      file = @photo["reference"]
      file && source("reference", "Reference", "#{@title}, cut out as published", [file],
                     "ground" => "checker")
    end

    def truth
      file = @photo["ground_truth"]
      file && source("truth", "Ground truth", "Ground truth of #{@title}: the object is white",
                     [file], "ground" => "black")
    end

    def source(id, label, alt, files, more)
      { "id" => id, "label" => label, "alt" => alt, "files" => files, **more }
    end
  end

  # Filters of the viewer's includes.
  module CompareFilters
    # A photo → its sources; those to begin with have "part": "a" or "b".
    def sources(photo, models, before, after)
      list = Sources.new(photo, models).all
      { "a" => before, "b" => after }.each do |part, wanted|
        found = list.find { |source| [source["id"], source["id"][/\A[a-z]+/]].include?(wanted) }
        found["part"] ||= part if found
      end
      list
    end

    # The gallery → one of its photos, or nothing and a warning.
    def find_photo(gallery, dataset, name)
      datasets = gallery ? gallery["datasets"] : []
      found = datasets.find { |entry| entry["name"] == dataset }
      photo = found && found["photos"].find { |entry| entry["name"] == name }
      return photo if photo

      page = @context.registers[:page]["path"]
      Jekyll.logger.warn "Compare:", "#{page} asks for #{dataset}/#{name}, which the gallery lacks"
      nil
    end
  end
end

Liquid::Template.register_filter(Gallery::CompareFilters)
