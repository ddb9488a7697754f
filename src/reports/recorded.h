// For tests: reports of the profiles in tests/pprof/corpus/recorded, and of small ones written by hand.
#pragma once

#include "os/files.h"
#include "pprof/read.h"
#include "reports/generate.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace memsnap {

// Every kind of profile, of four servers.
inline const std::vector<std::string> kRecorded = {
    "caddy.allocs",     "caddy.cpu",       "caddy.goroutine",      "caddy.heap",
    "prometheus.block", "etcd.cpu",        "etcd.mutex",           "nats.cpu",
    "nats.goroutine",   "nats.heap",       "nats.allocs",          "nats.threadcreate",
    "prometheus.cpu",   "prometheus.heap", "prometheus.goroutine", "prometheus.mutex"};

inline Profile recorded(const std::string& name) {
  struct Memory : ProfileMemory {
    explicit Memory(MappedFile opened) : file(std::move(opened)) {}
    MappedFile file;
  };
  auto file = MappedFile::open("tests/pprof/corpus/recorded/" + name + ".pb.gz");
  EXPECT_TRUE(file) << name;
  if (!file) return {};
  auto memory = std::make_unique<Memory>(std::move(*file));
  Bytes bytes = memory->file.bytes();
  auto profile = read_profile(bytes, std::move(memory), name);
  EXPECT_TRUE(profile) << name;
  return profile ? std::move(*profile) : Profile();
}

inline std::string report_text(Profile profile, const ReportRequest& request) {
  Out out, err;
  auto done = generate_report(std::move(profile), request, nullptr, out, err);
  EXPECT_TRUE(done) << (done ? "" : done.error().what);
  EXPECT_EQ(err.text(), "");
  return out.text();
}

// A profile with one type, samples/count, from lines of {"root;child;leaf", value}.
inline Profile tiny_profile(const std::vector<std::pair<std::string, std::int64_t>>& stacks) {
  Profile profile;
  profile.sample_types.push_back({profile.strings.add("samples"), profile.strings.add("count")});
  std::vector<std::string> names;
  auto location_of = [&](const std::string& name) {
    std::size_t at = std::size_t(std::ranges::find(names, name) - names.begin());
    if (at < names.size()) return LocationId(std::uint32_t(at));
    names.push_back(name);
    profile.functions.push_back({.id = at + 1, .name = profile.strings.add(name)});
    profile.lines.push_back({.function = FunctionId(std::uint32_t(at))});
    profile.locations.push_back({.id = at + 1, .first_line = std::uint32_t(at), .line_count = 1});
    return LocationId(std::uint32_t(at));
  };
  for (const auto& [text, value] : stacks) {
    std::vector<LocationId> stack;
    for (std::size_t from = 0; from <= text.size();) {
      std::size_t end = std::min(text.find(';', from), text.size());
      stack.insert(stack.begin(), location_of(text.substr(from, end - from)));
      from = end + 1;
    }
    profile.add_sample(stack, std::span(&value, 1), {});
  }
  return profile;
}

}  // namespace memsnap
