# frozen_string_literal: true

module Gallery
  # Scripts are published without what is for those who read the sources: lines that are only a
  # comment, whole-line blocks of JSDoc, JSDoc types within lines, indentation and empty lines.
  # These are a quarter of what a visitor would download.
  module Scripts
    COMMENTS = %r{^ *//.*\n|^ */\*\*(?m:(?:(?!\*/).)*)\*/ *\n|/\*\* @type (?:(?!\*/).)*\*/ }.freeze

    module_function

    def publish(source)
      source.gsub(COMMENTS, "").gsub(/^\s+/, "")
    end
  end
end

Jekyll::Hooks.register :site, :post_write do |site|
  Dir.glob(File.join(site.dest, "assets/js/**/*.js")) do |path|
    source = File.read(path, encoding: "UTF-8")
    published = Gallery::Scripts.publish(source)
    File.write(path, published) unless published == source
  end
end
