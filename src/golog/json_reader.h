// Reads the files that go build -gcflags=-json=0,FOLDER writes, one after the other.
#pragma once

#include "golog/escape_log.h"
#include "golog/json_scan.h"
#include "golog/line_set.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

class JsonLogReader {
 public:
  static constexpr std::size_t kLongestRecord = 16 << 20;  // bytes; longer ones are skipped and counted

  explicit JsonLogReader(EscapeLog& log) : log_(log) {}
  // All of one file. False when it does not begin as such a file does; then nothing of it was taken.
  bool read_file(std::string_view text);
  void finish();  // once, after the last file: joins values with their flows

 private:
  struct Related {
    std::string message;
    LogPlace at;
  };
  struct Record {
    LogPlace at;
    std::string code, message;
    std::vector<Related> related;  // the first related_count of them are of this record
    std::size_t related_count = 0;
  };
  bool is_new(std::string_view line);  // false when it was there before, or when there is too much
  bool take_header(std::string_view line, bool& is_known);
  bool scan_record(std::string_view line);  // into record_
  void scan_range(JsonScan& scan, LogPlace& at);
  void scan_related(JsonScan& scan);
  void take_record();
  void take_chain(bool is_parameter, std::size_t first_flow_row);
  void take_place(std::span<const LoggedEscape> rows, std::vector<LoggedEscape>& kept);
  StringId file_of_uri(std::string_view uri);
  StringId add(std::string_view text) { return log_.strings.add(text); }

  EscapeLog& log_;
  LineSet seen_;
  Record record_;
  std::string scratch_, uri_;
  std::string_view last_uri_;
  StringId last_uri_file_{};
  StringId file_{}, package_{};
};

// Whether a text begins as such a file does.
bool is_json_log(std::string_view text);

}  // namespace memsnap
