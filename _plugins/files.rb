# frozen_string_literal: true

module Gallery
  # A file that is published at the very address that it is given.  Jekyll takes "%20" in a name
  # for a space, and publishes "a%20b.jpg" as "a b.jpg".
  class NamedFile < Jekyll::StaticFile
    # Below the site's root, decoded.
    attr_reader :address

    def initialize(site, path, address)
      folder, _, name = path.rpartition("/")
      super(site, site.source, folder, name)
      @address = address
    end

    def destination(dest)
      @site.in_dest_dir(dest, @address)
    end
  end

  # The folders of the pipeline: photos, and what is made of them.  Jekyll never looks into them, so
  # that it publishes nothing of them by itself and takes no photo for a page.
  module Closed
    FOLDERS = %w[assets/images/raw assets/gallery].freeze

    def read_directories(dir = "")
      super unless closed?(dir)
    end

    private

    def closed?(dir)
      real = real_path(@site.in_source_dir(dir))
      real && closed.any? { |folder| "#{real}/".start_with?("#{folder}/") }
    end

    def closed
      @closed ||= FOLDERS.filter_map { |folder| real_path(@site.in_source_dir(folder)) }
    end

    def real_path(path)
      File.realpath(path)
    rescue SystemCallError
      nil
    end
  end

  # Publishes of the pipeline's folders what _data/gallery.json names, and nothing else; never what
  # lies behind a link below a dataset's folder.  Names may begin with "_", ".", "#" or "~", which
  # Jekyll passes over, and cameras do name their photos _DSC3403.JPG.
  class Files < Jekyll::Generator
    safe true

    PATHS = %w[src original full].freeze
    # The part of a path that may be a link: up to the folder of the dataset.
    PLACE = %r{\A/(?:#{Regexp.union(Closed::FOLDERS)})/[^/]+}.freeze

    def generate(site)
      @linked = {}
      moved = site.data.dig("gallery", "files") || {}
      named = sources(site.data["gallery"]).uniq.map { |src| named_file(site, src, moved[src]) }
      public, others = named.partition { |file| public?(site, file) }
      site.static_files.concat(public)
      warn_of(others)
      warn_of_slides(site, public.to_set(&:address))
    end

    private

    def sources(node)
      case node
      when Array then node.flat_map { |child| sources(child) }
      when Hash then node.values_at(*PATHS).compact + sources(node.values)
      else []
      end
    end

    # A src of the data, and the path of its file where that is another.
    def named_file(site, src, path)
      address = Jekyll::URL.unescape_path(src)
      NamedFile.new(site, path ? "/#{path}" : address, address)
    end

    def public?(site, file)
      place = file.relative_path[PLACE]
      return false if place.nil? || file.relative_path.split("/").include?("..")

      File.lstat(file.path).file? &&
        !linked?(File.dirname(file.path), File.join(site.source, place))
    rescue SystemCallError
      false
    end

    # Whether a folder, or one between it and its base, is a link.
    def linked?(folder, base)
      return false if folder.size <= base.size

      @linked.fetch(folder) do
        @linked[folder] = File.symlink?(folder) || linked?(File.dirname(folder), base)
      end
    end

    def warn_of(missing)
      return if missing.empty?

      Jekyll.logger.warn "Gallery:", "#{missing.size} of its images are links or not there, the " \
                                     "first is #{Wording.visible(missing.first.path)}; run " \
                                     "`python pipeline/build.py`"
    end

    # A list of sliders that was written by hand may show pictures of the folders of the pipeline.
    def warn_of_slides(site, public)
      paths = sources(site.data["sliders"]).map { |src| Jekyll::URL.unescape_path(src.to_s) }
      missing = paths.select { |path| path.match?(PLACE) && !public.include?(path) }
      return if missing.empty?

      first = Wording.visible(missing.first)
      Jekyll.logger.warn "Sliders:", "#{first} is not published, as _data/gallery.json does not " \
                                     "name it; move it to another folder of assets"
    end
  end
end

Jekyll::Reader.prepend(Gallery::Closed)
