# frozen_string_literal: true

require "cgi"
require "digest"

module Gallery
  # The Content-Security-Policy of every page: scripts are files of the site, and nothing else is
  # loaded from elsewhere than what the settings and the sliders name.
  module Policy
    FIXED = {
      "default-src" => "'none'",
      "script-src"  => "'self'",
      "connect-src" => "'self'",
      "base-uri"    => "'none'",
      "form-action" => "'self'",
    }.freeze
    # Styles and scripts draw small pictures by data: addresses.
    IMAGES = "'self' data:"
    HOST = %r{\A(?:https?:)?//(?:\*\.)?[a-z0-9.-]+(?::\d+)?}i.freeze
    SLIDE = %w[src data-src data-src-2x].freeze
    MARK = "{content-security-policy}"
    STYLES = %r{<style[^>]*>(?<sheet>.*?)</style>|<[a-z][^>]*? style="(?<attribute>[^"]*)"}m.freeze

    module_function

    # The policy of a page but for its styles; see `complete`.
    def of(site)
      images = [IMAGES, *hosts(site)].join(" ")
      FIXED.merge("img-src" => images).map { |name, value| "#{name} #{value}" }.join("; ")
    end

    # Puts the policy into a page that has a mark for it.  Styles within the page count by hash.
    def complete(output, policy)
      return unless output&.include?(MARK)

      within = output.to_enum(:scan, STYLES).flat_map { hashes(Regexp.last_match) }
      styles = ["style-src 'self'", *within.uniq].join(" ")
      output.sub!(MARK) { "#{policy}; #{styles}" }
    end

    # Attributes count only together with 'unsafe-hashes'.
    def hashes(match)
      sheet = match[:sheet]
      attribute = match[:attribute]
      digest = Digest::SHA256.base64digest(sheet || CGI.unescapeHTML(attribute))
      [("'unsafe-hashes'" if attribute), "'sha256-#{digest}'"].compact
    end

    def hosts(site)
      settings = Array(site.config["image_hosts"]).map { |host| checked(host.to_s) }
      slides = slides(site.data["sliders"]).flat_map { |slide| slide.values_at(*SLIDE) }
      (settings + slides.filter_map { |src| src.to_s[HOST]&.delete_prefix("//") }).uniq.sort
    end

    def slides(sliders)
      images = Array(sliders).grep(Hash).flat_map { |slider| Array(slider["images"]) }
      images.grep(Hash)
    end

    def checked(host)
      return host if host[HOST] == host

      raise Jekyll::Errors::FatalException, "_config.yml: image_hosts: #{host.inspect} is no " \
                                            "host such as https://pictures.example.org"
    end
  end
end

Jekyll::Hooks.register :site, :pre_render do |site|
  site.data["content_security_policy"] = Gallery::Policy.of(site)
end

Jekyll::Hooks.register %i[pages documents], :post_render do |page|
  Gallery::Policy.complete(page.output, page.site.data["content_security_policy"])
end
