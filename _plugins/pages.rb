# frozen_string_literal: true

module Gallery
  # Makes a page for each dataset and each photo of _data/gallery.json.  Ten thousand pages take
  # seconds this way; as files of a collection they would take minutes.
  class Pages < Jekyll::Generator
    safe true

    def generate(site)
      gallery = site.data["gallery"]
      return hint unless gallery

      methods = gallery["methods"].to_h { |method| [method["name"], method] }
      gallery["datasets"].each do |dataset|
        add_dataset(site, dataset, gallery)
        add_photos(site, dataset, methods)
      end
    end

    private

    def hint
      Jekyll.logger.info "Gallery:", "none yet; `python pipeline/build.py` makes one"
    end

    def add_dataset(site, dataset, gallery)
      dataset["cover"] = Cover.of(dataset["photos"], site.config.dig("covers", dataset["name"]))
      dataset["credits"] = credits(dataset)
      count = Wording.count(dataset["photos"].size, "photo")
      add(site, dataset["url"],
          "layout"      => "gallery",
          "title"       => dataset["title"],
          "description" => "#{count}. #{dataset["description"]}",
          "dataset"     => dataset,
          "failed"      => about(dataset, gallery["failed"]),
          "skipped"     => about(dataset, gallery["skipped"]),
          "image"       => dataset["cover"] && social_preview(dataset["cover"]))
    end

    # The entries of a list that are about files of the dataset.
    def about(dataset, entries)
      entries.select { |entry| entry["photo"].start_with?("#{dataset["name"]}/") }
    end

    # The photos of each author, for the credits page; not those of the whole dataset's author.
    def credits(dataset)
      shared = [nil, dataset["credit"]]
      own = dataset["photos"].reject { |photo| shared.include?(photo["credit"]) }
      own.group_by { |photo| photo["credit"] }
        .map { |credit, credited| credit.merge("photos" => credited.map { |photo| link(photo) }) }
    end

    def add_photos(site, dataset, methods)
      gallery = dataset.slice("name", "title", "url", "originals")
      neighbours = [nil, *dataset["photos"], nil].each_cons(3)
      neighbours.each do |previous, photo, following|
        add(site, photo["url"],
            "layout"      => "photo",
            "title"       => photo["title"],
            "section"     => dataset["title"],
            "description" => photo["results"].first.then { |result| Wording.describe(result) },
            "photo"       => photo,
            "dataset"     => gallery,
            "methods"     => methods,
            "previous"    => link(previous),
            "following"   => link(following),
            "image"       => social_preview(photo))
      end
    end

    def add(site, url, data)
      page = Jekyll::PageWithoutAFile.new(site, site.source, "", "index.html")
      page.data.merge!(data, "permalink" => url)
      site.pages << page
    end

    def link(photo)
      photo&.slice("url", "title")
    end

    def social_preview(photo)
      file = photo["social_preview"]
      {
        "path"   => file["src"],
        "width"  => file["width"],
        "height" => file["height"],
        "alt"    => "#{photo["title"]}: the photo beside its cut-out",
      }
    end
  end
end
