# frozen_string_literal: true

module Gallery
  # A file that is published under the very name that it has.  Jekyll takes "%20" in a name for a
  # space, and publishes "a%20b.jpg" as "a b.jpg".
  class NamedFile < Jekyll::StaticFile
    def destination(dest)
      @site.in_dest_dir(dest, @dir, @name)
    end
  end

  # Publishes every image that _data/gallery.json names.  Jekyll passes over files and folders that
  # begin with "_", ".", "#" or "~", and cameras do name their photos _DSC3403.JPG.
  class Files < Jekyll::Generator
    safe true

    PATHS = %w[src original full].freeze

    def generate(site)
      named = sources(site.data["gallery"]).uniq.map { |src| named_file(site, src) }
      there, missing = named.partition { |file| File.file?(file.path) }
      paths = there.to_set(&:path)
      site.static_files.reject! { |file| paths.include?(file.path) }
      site.static_files.concat(there)
      warn_of(missing)
    end

    private

    def sources(node)
      case node
      when Array then node.flat_map { |child| sources(child) }
      when Hash then node.values_at(*PATHS).compact + sources(node.values)
      else []
      end
    end

    def named_file(site, src)
      folder, _, name = Jekyll::URL.unescape_path(src).rpartition("/")
      NamedFile.new(site, site.source, folder, name)
    end

    def warn_of(missing)
      return if missing.empty?

      Jekyll.logger.warn "Gallery:", "#{missing.size} of its images are not there, the first is " \
                                     "#{missing.first.path}; run `python pipeline/build.py`"
    end
  end
end
