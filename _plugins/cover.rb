# frozen_string_literal: true

module Gallery
  # The photo that stands for a dataset: the one that the
  # configuration names, else a whole object, and enough of it to be seen.
  module Cover
    IDEAL_COVERAGE = 0.25

    module_function

    def of(photos, chosen)
      photos.find { |photo| photo["name"] == chosen } || best(photos)
    end

    def best(photos)
      photos.min_by.with_index { |photo, index| [*faults(photo), index] }
    end

    def faults(photo)
      result = photo["results"].first
      [
        result["empty"] ? 1 : 0,
        result["touches"].size,
        photo["height"] > photo["width"] ? 1 : 0,
        (result["coverage"] - IDEAL_COVERAGE).abs.round(1),
      ]
    end
  end
end
