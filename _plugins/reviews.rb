# frozen_string_literal: true

module Gallery
  # Puts what reviewers say, from _data/reviews.json, with the result that it is about: verdicts on
  # a result that the gallery has replaced since they were merged are passed over.
  class Reviews < Jekyll::Generator
    safe true
    priority :high

    def generate(site)
      gallery = site.data["gallery"]
      reviewed = site.data.dig("reviews", "photos")
      return unless gallery && reviewed

      @verdicts = Vocabulary.of(site, "verdicts").map { |verdict| verdict["name"] }
      gallery["datasets"].each do |dataset|
        dataset["photos"].each do |photo|
          attach(photo, reviewed.fetch("#{dataset["name"]}/#{photo["name"]}", {}))
        end
        dataset["disagreements"] = dataset["photos"].count { |photo| photo["disagree"] }
      end
    end

    private

    def attach(photo, agreements)
      photo["results"].each do |result|
        agreement = agreements[result["method"]]
        shown = [photo["sha256"], result["checkpoint_sha256"]]
        next unless agreement&.values_at("photo_sha256", "result_sha256") == shown

        result["agreement"] = agreement.merge("summary" => summary(agreement))
        photo["disagree"] ||= agreement["disagree"]
      end
    end

    # "3 of 4 good", or "2 good, 2 bad"
    def summary(agreement)
      majority, total = agreement.values_at("verdict", "total")
      return "#{agreement[majority]} of #{total} #{majority}" unless majority == "split"

      verdicts = @verdicts.reject { |verdict| agreement[verdict].zero? }
      verdicts.map { |verdict| "#{agreement[verdict]} #{verdict}" }.join(", ")
    end
  end
end
