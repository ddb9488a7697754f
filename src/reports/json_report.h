// The reports as JSON: what they show as numbers and names, nothing rounded, scaled or cut. Its form is a
// promise: docs/pprof-json.md.
#pragma once

#include "profile/graph_nodes.h"
#include "render/json_writer.h"
#include "reports/report.h"

#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// Prints the report that the request asks for as one JSON object.
Result<void> print_json(ProfileReport& report, BinaryTool* binaries, Out& out, Out& err);

void json_graph(ProfileReport& report, Out& out);         // nodes and edges, as pictures show them
void json_top(ProfileReport& report, Out& out);           // top and topproto
Result<void> json_tree(ProfileReport& report, Out& out);  // tree and peek
void json_traces(ProfileReport& report, Out& out);
void json_tags(const ProfileReport& report, Out& out);
void json_raw(const ProfileReport& report, Out& out);
Result<void> json_churn(ProfileReport& report, Out& out);
void json_comments(const ProfileReport& report, Out& out);
Result<void> json_list(ProfileReport& report, Out& out);
Result<void> json_disasm(ProfileReport& report, BinaryTool* binaries, Out& out, Out& err);

// ---- Parts that several of them have.
// Opens the object and writes the members that all begin with: schema, profile, sample, total, filters.
void json_heading(JsonWriter& json, const ProfileReport& report, std::string_view kind);
void json_close(JsonWriter& json);
// What was left out of a graph: member "nodes".
void json_trimming(JsonWriter& json, const ProfileReport& report, const CallGraph& graph);
// Members name, file and line, and those of address, column and object that tell nodes apart here.
void json_node(JsonWriter& json, const ProfileReport& report, const NodeInfo& info);
void json_flat_and_cum(JsonWriter& json, const ProfileReport& report, std::int64_t flat, std::int64_t cum);
// With limits: a member with the name, of low, high and samples; low and high are missing when nothing was
// sampled.
void json_limits(JsonWriter& json, const ProfileReport& report, const char* name, const SampledValue& sum);
// `units` says in what numbers are that have no unit of their own; null: leave them without.
void json_labels(JsonWriter& json, const Profile& profile, std::span<const ProfileLabel> labels,
                 const LabelUnits* units);
void json_types(JsonWriter& json, const Profile& profile);
// Of the total, with its sign; null when there is none.
double json_share(const ProfileReport& report, std::int64_t value);

}  // namespace memsnap
