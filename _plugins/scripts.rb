# frozen_string_literal: true

module Gallery
  # Scripts are published without the comments for those who read the sources: lines that are only a
  # comment, whole-line blocks of JSDoc, and JSDoc types within lines.  They are a quarter of what
  # a visitor would download.
  module Scripts
    COMMENTS = %r{^ *//.*\n|^ */\*\*(?m:(?:(?!\*/).)*)\*/ *\n|/\*\* @type (?:(?!\*/).)*\*/ }.freeze

    module_function

    def publish(source)
      source.gsub(COMMENTS, "")
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
