# frozen_string_literal: true

module Gallery
  # Publishes every image that _data/gallery.json names.  Jekyll passes over files and folders that
  # begin with "_", ".", "#" or "~", and cameras do name their photos _DSC3403.JPG.
  class Files < Jekyll::Generator
    safe true

    PATHS = %w[src original full].freeze

    def generate(site)
      known = site.static_files.to_set(&:path)
      files = addresses(site.data["gallery"]).uniq.map { |src| static_file(site, src) }
      present, missing = files.partition do |file|
        known.include?(file.path) || File.file?(file.path)
      end
      site.static_files.concat(present.select { |file| known.add?(file.path) })
      warn_of(missing)
    end

    private

    def addresses(node)
      case node
      when Array then node.flat_map { |child| addresses(child) }
      when Hash then node.values_at(*PATHS).compact + addresses(node.values)
      else []
      end
    end

    def static_file(site, src)
      folder, _, name = Jekyll::URL.unescape_path(src).rpartition("/")
      Jekyll::StaticFile.new(site, site.source, folder, name)
    end

    def warn_of(missing)
      return if missing.empty?

      Jekyll.logger.warn "Gallery:", "#{missing.size} of its images are not there, the first is " \
                                     "#{missing.first.path}; run `python pipeline/build.py`"
    end
  end
end
