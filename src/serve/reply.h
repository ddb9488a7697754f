// Answers with the headers that all of them have.
#pragma once

#include "base/result.h"
#include "http/server.h"

#include <string>
#include <string_view>

namespace memsnap {

// What keeps a browser from running, loading or framing anything but our own files.
void add_safety(HttpResponse& response);

HttpResponse json_reply(std::string json);
HttpResponse error_reply(int status, std::string_view what);  // {"error": "..."}
HttpResponse error_reply(const Error& error);
HttpResponse redirect(std::string where);

// Compresses the body when the client takes gzip and it is worth it.
void compress(const HttpRequest& request, HttpResponse& response);

// A file of the pages, as it is for clients that take gzip; inflated for the others.
HttpResponse asset_reply(const HttpRequest& request, std::string_view name);

}  // namespace memsnap
