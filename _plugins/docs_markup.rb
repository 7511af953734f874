# frozen_string_literal: true

require "cgi"
require "pathname"

module Gallery
  # Turns a Markdown file of the documentation into HTML whose links work on the site.
  class DocsMarkup
    LINK = %r{<a href="([^"]+)"[^>]*>(.*?)</a>}m.freeze
    IMAGE = /<img src="(?![a-z]+:)([^"]+)"/.freeze
    TABLE = %r{<table>.*?</table>}m.freeze
    EMPTY_HEAD = %r{\s*<thead>\s*<tr>(?:\s*<th[^>]*>\u00A0</th>)+\s*</tr>\s*</thead>}.freeze
    ALIGNED = / style="text-align: (left|center|right)"/.freeze
    ELSEWHERE = /\A(?:[a-z]+:|#)/.freeze
    WIDE = 4
    # A row of a table that a comment follows.
    LAST_ROW = /^\|.*\n(?=<!--)/.freeze
    # Code, rows of tables, and the bars outside of them.
    BARS = /^ *```.*?^ *```|^ *\|[^\n]*|^ {4}[^\n]*|`[^`]+`|\|/m.freeze

    # urls: the path of each Markdown file below the site's source → the address of its page.
    def initialize(site, urls)
      @converter = site.find_converter_instance(Jekyll::Converters::Markdown)
      @source = site.source
      @repository = site.config["repository"].to_s
      @urls = urls
    end

    def html(markdown, path)
      @converter.convert(for_kramdown(markdown))
        .gsub(LINK) { link(Regexp.last_match, path) }
        .gsub(IMAGE) { %(<img loading="lazy" src="#{address_of(Regexp.last_match(1), path)}") }
        .gsub(ALIGNED, ' class="\1"')
        .gsub(EMPTY_HEAD, "")
        .gsub(TABLE) { |table| scrollable(table) }
    end

    # Without the word in bold that opens the paragraphs of a decision.
    def first_sentence(html)
      paragraph = html[%r{<p>(.*?)</p>}m, 1].to_s.sub(%r{\A<strong>.*?</strong>\s*}, "")
      text = CGI.unescapeHTML(paragraph.gsub(/<[^>]+>/, "")).split.join(" ")
      text[/\A.*?[.!?](?=\s|\z)/] || text.delete_suffix(":")
    end

    private

    # What kramdown reads differently from GitHub: it takes any bar for the border of a table's
    # cell, and a comment does not end its tables.
    def for_kramdown(markdown)
      markdown.gsub(LAST_ROW, "\\0\n").gsub(BARS) { |part| part == "|" ? "\\|" : part }
    end

    def link(match, path)
      element, address, text = match.to_a
      return element if address.match?(ELSEWHERE)

      file, anchor = address.split("#", 2)
      href = address_of(file, path)
      href ? %(<a href="#{[href, anchor].compact.join("#")}">#{text}</a>) : text
    end

    # What the Markdown at path names in the repository → its address, if it has one: a file that is
    # no part of the documentation is not on the site, but may be on GitHub.
    def address_of(file, path)
      target = File.expand_path(file, File.dirname(path))
      target.start_with?(Docs::FOLDER) ? relative(target, path) : on_github(target)
    end

    # Relative addresses work below any baseurl.
    def relative(target, path)
      url = @urls.fetch(target, target)
      address = Pathname.new(url).relative_path_from(Pathname.new(@urls.fetch(path))).to_s
      url.end_with?("/") ? "#{address}/" : address
    end

    def on_github(target)
      return if @repository.empty?

      kind = File.directory?(File.join(@source, target)) ? "tree" : "blob"
      "https://github.com/#{@repository}/#{kind}/HEAD#{target}"
    end

    # Where a table is wider than a phone, it scrolls by itself, by keyboard too.
    def scrollable(table)
      return table if table[%r{<tr>.*?</tr>}m].to_s.scan("<th").size < WIDE

      %(<div class="wide" role="group" aria-label="Table" tabindex="0">#{table}</div>)
    end
  end
end
