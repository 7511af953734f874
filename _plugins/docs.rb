# frozen_string_literal: true

module Gallery
  # Makes the documentation under /docs/ from the Markdown files in docs/.  They have no front
  # matter, because they are read on GitHub too; Jekyll takes such files for static files.
  class Docs < Jekyll::Generator
    safe true

    FOLDER = "/docs/"
    DECISIONS = "/docs/decisions/"
    HEADING = /\A# (.+)\n/.freeze

    def generate(site)
      files, site.static_files = site.static_files.partition { |file| document?(file) }
      markup = DocsMarkup.new(site, files.to_h { |file| [file.relative_path, url_of(file)] })
      pages = files.map { |file| page(site, file, markup) }
      site.pages.concat(pages)
      site.data["docs"] = contents(pages.map(&:data), site.config.fetch("guides", []))
    end

    private

    def document?(file)
      file.relative_path.start_with?(FOLDER) && file.extname == ".md"
    end

    def url_of(file)
      "#{file.relative_path.delete_suffix(".md")}/"
    end

    def page(site, file, markup)
      text = File.read(file.path, encoding: "UTF-8")
      title = text[HEADING, 1] || file.basename
      body = markup.html(text.sub(HEADING, ""), file.relative_path)
      page = Jekyll::PageWithoutAFile.new(site, site.source, "", "index.html")
      page.content = body
      page.data.merge!(
        "layout"             => "docs",
        "title"              => title.delete("`"),
        "section"            => "Documentation",
        "description"        => markup.first_sentence(body),
        "permalink"          => url_of(file),
        "render_with_liquid" => false # examples of includes are shown
      )
      page
    end

    # What the navigation lists: the guides that the settings name, in that order, then all others
    # by their titles; and the decisions by their numbers.
    def contents(pages, order)
      decisions, guides = pages.partition { |page| page["permalink"].start_with?(DECISIONS) }
      guides.sort_by! do |guide|
        [order.index(File.basename(guide["permalink"])) || order.size, guide["title"]]
      end
      decisions.sort_by! { |decision| decision["permalink"] }
      { "guides" => guides, "decisions" => decisions }
    end
  end
end
