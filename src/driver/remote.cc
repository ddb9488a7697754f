#include "driver/remote.h"

#include "base/text.h"
#include "driver/go_text.h"
#include "http/client.h"
#include "http/proxy.h"
#include "os/folders.h"
#include "pprof/gzip.h"
#include "pprof/write.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace memsnap {
namespace {

constexpr const char* kCpuProfile = "/debug/pprof/profile";
constexpr std::uint64_t kBodyLimit = std::uint64_t(1) << 30;     // bytes, as they are sent
constexpr std::uint64_t kInflateLimit = std::uint64_t(4) << 30;  // bytes of a body that was packed on the way
constexpr std::size_t kShownBody = 1024;                         // bytes of an error that a server explains

std::optional<Url> address_of(const std::string& source) {
  auto url = Url::parse(source);
  // host:port has the look of a scheme.
  if (!url || (url->host.empty() && !url->scheme.empty() && url->scheme != "file"))
    url = Url::parse("http://" + source);
  if (!url || url->host.empty()) return std::nullopt;
  return url;
}

// Of a number of 32 bits; nothing otherwise.
std::optional<std::int64_t> seconds_in(const std::string& text) {
  auto number = go_atoi(text);
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  if (!number || *number > kMost || *number < -kMost - 1) return std::nullopt;
  return *number;
}

Error refused_by(const HttpAnswer& answer) {
  std::string text = fmt::format("server response: {} {}", answer.status, answer.reason);
  bool explained = !answer.header("X-Go-Pprof").empty() &&
                   answer.header("Content-Type").find("text/plain") != std::string_view::npos;
  std::string_view why = go_trim_space(std::string_view(answer.body).substr(0, kShownBody));
  if (explained) text += fmt::format(" - {}", why);
  return {Cause::bad_input, escape_terminal(text)};
}

Result<std::string> unpacked(HttpAnswer answer) {
  Bytes bytes = std::as_bytes(std::span(answer.body));
  if (answer.header("Content-Encoding") != "gzip" || !is_gzip(bytes)) return std::move(answer.body);
  auto inflated = TRY(inflate_gzip(bytes, kInflateLimit));
  return std::string(text_of(inflated->view()));
}

// A part of a file's name, whatever the profile says.
std::string name_part(std::string_view text) {
  std::string part;
  for (char c : text.substr(0, 64)) part.push_back(c == '/' || (c >= 0 && c < 0x20) || c == 0x7f ? '_' : c);
  return part;
}

Result<std::string> folder_to_save(const PprofWorld& world) {
  std::vector<std::string> folders;
  if (std::string given = world.environment("PPROF_TMPDIR"); !given.empty()) folders.push_back(given);
  if (std::string home = world.environment("HOME"); !home.empty()) folders.push_back(home + "/pprof");
  std::string temporary = world.environment("TMPDIR");
  folders.push_back(temporary.empty() ? "/tmp" : temporary);
  for (const std::string& folder : folders) {
    auto made = make_folders(folder, 0755);
    if (made) return folder;
    world.say(fmt::format("Could not use temp dir {}: {}", folder, made.error().what));
  }
  return fail(Cause::bad_output, "failed to identify temp dir");
}

Result<std::string> write_saved(const Profile& profile, const std::string& folder) {
  std::string prefix = "pprof.";
  std::string_view program = profile.mappings.empty() ? "" : profile.text(profile.mappings[0].file);
  if (!program.empty()) prefix += name_part(program.substr(program.rfind('/') + 1)) + ".";
  for (const ValueType& type : profile.sample_types) prefix += name_part(profile.text(type.type)) + ".";
  std::string packed = TRY(write_profile_gz(profile));
  OutputFile file = TRY(OutputFile::open_new(folder, prefix.substr(0, 200), ".pb.gz"));
  file.write(packed);
  TRY_VOID(file.close());
  return file.path();
}

}  // namespace

std::optional<RemoteSource> remote_source(const std::string& source, const ProfileSources& from) {
  std::optional<Url> url = address_of(source);
  if (!url) return std::nullopt;
  if (url->path.empty() || url->path == "/") url->path = kCpuProfile;
  RemoteSource remote;
  UrlQuery query = UrlQuery::parse(url->query);
  std::int64_t duration = 0;
  if (from.seconds > 0) {
    duration = std::min<std::int64_t>(from.seconds, std::numeric_limits<std::int32_t>::max());
    remote.profiled = std::chrono::seconds(duration);
    query.set("seconds", std::to_string(duration));
  } else if (auto asked = seconds_in(query.get("seconds"))) {
    duration = *asked;
  }
  std::chrono::milliseconds timeout = std::chrono::seconds(60);
  if (from.timeout > 0)
    timeout = std::chrono::seconds(std::min<std::int64_t>(from.timeout, 1'000'000'000));
  else if (duration > 0)
    timeout = std::chrono::milliseconds(duration * 1500);
  remote.timeout = timeout;
  url->query = query.encode();
  remote.url = std::move(*url);
  return remote;
}

std::string shown_source(const std::string& source) {
  std::optional<Url> url = address_of(source);
  return url && url->has_password ? url->redacted() : source;
}

Result<std::string> fetch_remote(const RemoteSource& source, const ProfileSources& from,
                                 const PprofWorld& world) {
  world.say(fmt::format("Fetching profile over HTTP from {}", escape_terminal(source.url.redacted())));
  if (source.profiled.count() > 0)
    world.say(fmt::format("Please wait... ({})", go_duration(std::chrono::nanoseconds(source.profiled))));
  HttpFetch fetch{
      .url = source.url,
      .header_timeout = source.timeout + std::chrono::seconds(5),
      .body_timeout = std::max<std::chrono::nanoseconds>(source.timeout, std::chrono::minutes(10)),
      .body_limit = kBodyLimit,
      .proxy = [&](const Url& url) { return proxy_of(url, world.environment); },
      .certificate = from.tls_certificate,
      .key = from.tls_key,
      .authorities = from.tls_authorities};
  HttpAnswer answer = TRY(http_fetch(fetch));
  if (answer.status != 200) return std::unexpected(refused_by(answer));
  return unpacked(std::move(answer));
}

void save_fetched(const Profile& profile, const PprofWorld& world) {
  auto folder = folder_to_save(world);
  auto saved = folder ? write_saved(profile, *folder) : Result<std::string>(std::unexpected(folder.error()));
  if (saved)
    world.say(fmt::format("Saved profile in {}", *saved));
  else
    world.say(fmt::format("Could not save profile: {}", saved.error().what));
}

}  // namespace memsnap
