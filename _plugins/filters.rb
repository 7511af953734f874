# frozen_string_literal: true

require "cgi"

module Gallery
  # What the layouts need beyond Jekyll's own filters.
  module Filters
    include Jekyll::Filters::URLFilters

    UNITS = [[1_000_000, "MB"], [1_000, "kB"], [1, "bytes"]].freeze

    # A root path that is encoded already → the same below the baseurl.  Jekyll's relative_url
    # parses and normalises every address, which takes a third of the time of ten thousand pages.
    def site_path(path)
      "#{relative_url("/").chomp("/")}#{path}"
    end

    # A root path that is encoded already → its full address.
    def site_address(path)
      "#{absolute_url("/").chomp("/")}#{path}"
    end

    # A list of image files → the value of an img's srcset.
    def srcset(files)
      files.map { |file| "#{site_path(file["src"])} #{file["width"]}w" }.join(", ")
    end

    # 1_234_567 → "1.2 MB"
    def file_size(bytes)
      unit, name = UNITS.find { |size, _| bytes >= size } || UNITS.last
      number = bytes.fdiv(unit)
      "#{number < 10 && unit > 1 ? number.round(1) : number.round} #{name}"
    end

    # A name and where it comes from → a link, or the name alone where that is no web address.
    def linked(text, address)
      name = CGI.escapeHTML(text)
      return name unless address.to_s.start_with?("https://", "http://")

      %(<a href="#{CGI.escapeHTML(address)}">#{name}</a>)
    end

    # The gallery → the BibTeX entries of its methods and datasets, each once.
    def citations(gallery)
      methods = gallery["methods"].map { |method| method["bibtex"] }
      datasets = gallery["datasets"].map { |dataset| dataset["citation"] }
      [*methods, *datasets].compact.reject(&:empty?).uniq
    end

    # A score → three digits, as papers print it: "0.943"
    def score(value)
      format("%.3f", value)
    end

    # A fraction → "34 %"
    def share(fraction)
      Wording.share(fraction)
    end

    # A result → one sentence on what the method found.
    def describe(result)
      Wording.describe(result)
    end
  end
end

Liquid::Template.register_filter(Gallery::Filters)
