# frozen_string_literal: true

module Gallery
  # The words that Python, Ruby and JavaScript share.  Python writes them into _data/gallery.json.
  module Vocabulary
    module_function

    # "verdicts" or "sources" → the entries of that part.
    def of(site, part)
      vocabulary = site.data["gallery"]["vocabulary"]
      return vocabulary.fetch(part) if vocabulary

      raise Jekyll::Errors::FatalException, "_data/gallery.json was written by an older version; " \
                                            "run `python pipeline/build.py`"
    end
  end
end
