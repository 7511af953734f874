# frozen_string_literal: true

require "json"

module Gallery
  # Jekyll reads .json with its YAML parser, which takes minutes for ten thousand photos.
  module JsonData
    def read_data_file(path)
      return super unless File.extname(path).casecmp?(".json")

      JSON.parse(File.read(path, encoding: "UTF-8"))
    end
  end
end

Jekyll::DataReader.prepend(Gallery::JsonData)
