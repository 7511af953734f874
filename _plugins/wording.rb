# frozen_string_literal: true

module Gallery
  # Sentences about what a method found in a photo.
  module Wording
    UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/.freeze
    # The space before a per cent sign does not break.
    PER_CENT = "\u00A0%"

    module_function

    # A name → what a terminal can show: escapes for characters that would steer it.
    def visible(text)
      text.scrub("?").gsub(UNSEEN) { |char| format("\\u{%x}", char.ord) }
    end

    # "The object covers 34 % of the picture and touches the left and bottom edges."
    def describe(result)
      return "The model found no object." if result["empty"]
      return "Possibly no object: #{peak(result)}." if result["faint"]

      covered = share(result["coverage"])
      "The object covers #{covered} of the picture and #{edges(result["touches"])}."
    end

    # "before it was normalised, the map reached only 21 %"
    def peak(result)
      "before it was normalised, the map reached only #{share(result["peak"])}"
    end

    def share(fraction)
      return "less than 1#{PER_CENT}" if fraction < 0.005

      "#{(fraction * 100).round}#{PER_CENT}"
    end

    def edges(touched)
      case touched.size
      when 0 then "touches no edge"
      when 1 then "touches the #{touched.first} edge"
      when 4 then "touches all four edges"
      else "touches the #{touched[0..-2].join(", ")} and #{touched.last} edges"
      end
    end

    def count(number, noun)
      "#{number} #{noun}#{"s" unless number == 1}"
    end
  end
end
