# frozen_string_literal: true

module Gallery
  # Makes the results page of each dataset that has data in _data/results, and tells the dataset.
  class Results < Jekyll::Generator
    safe true
    priority :high

    def generate(site)
      datasets = (site.data.dig("gallery", "datasets") || []).to_h { |each| [each["name"], each] }
      (site.data["results"] || {}).each_value do |results|
        dataset = datasets[results["dataset"]]
        next unless dataset

        dataset["results_url"] = results["url"]
        site.pages << page(site, dataset, results)
      end
    end

    private

    def page(site, dataset, results)
      page = Jekyll::PageWithoutAFile.new(site, site.source, "", "index.html")
      page.data.merge!(
        "layout"      => "results",
        "permalink"   => results["url"],
        "title"       => "Results",
        "section"     => dataset["title"],
        "description" => description(dataset, results),
        "dataset"     => dataset.slice("name", "title", "url", "credit"),
        "results"     => results
      )
      page
    end

    def description(dataset, results)
      methods = Wording.count(results["methods"].size, "method")
      photos = Wording.count(results["photos"], "photo")
      "#{methods} on the #{photos} of #{dataset["title"]}, in numbers."
    end
  end
end
