// Random function bodies, and what they do: the text of each, and an interpreter of the same body that knows
// nothing of graphs. Calls c0(), c1(), ... are its events; every condition is decided by the dice.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace memsnap::flow {

class RandomBody {
 public:
  explicit RandomBody(unsigned seed) : dice_(seed) {
    top_ = list(3, false, 2);
    text_ = "package p\nfunc f() {\n" + print(top_) + "c" + std::to_string(last_ = calls_++) + "()\n}\n";
  }
  const std::string& text() const { return text_; }
  int calls() const { return calls_; }

  // The calls of one run, in order; cut off after `limit`.
  std::vector<int> run(std::size_t limit) {
    trace_.clear();
    limit_ = limit;
    Way way = run(top_);
    if (way.how == How::kOn) call(last_);
    return trace_;
  }

 private:
  enum class What {
    kCall,
    kIf,
    kFor,
    kForever,
    kRange,
    kSwitch,
    kTagged,
    kSelect,
    kBreak,
    kContinue,
    kReturn,
    kThrow,
    kBlock
  };
  struct Expr {
    char op = 'c';  // c call, & and, | or, ! not
    int call = 0;
    std::vector<Expr> parts;
  };
  struct Stmt {
    What what = What::kCall;
    int call = 0, label = -1, post = -1;
    bool has_default = false;
    std::vector<Expr> conds;
    std::vector<bool> falls;
    std::vector<std::vector<Stmt>> bodies;
  };
  enum class How { kOn, kBreak, kContinue, kReturn, kFall };
  struct Way {
    How how = How::kOn;
    int label = -1;
  };

  int roll(int n) { return int(dice_() % unsigned(n)); }
  Expr expr(int depth) {
    int op = depth > 0 ? roll(5) : 0;
    if (op < 2) return {'c', calls_++, {}};
    if (op == 2) return {'!', 0, {expr(depth - 1)}};
    Expr both{op == 3 ? '&' : '|', 0, {}};
    both.parts.push_back(expr(depth - 1));
    both.parts.push_back(expr(depth - 1));
    return both;
  }
  std::vector<Stmt> list(int depth, bool in_loop, int min) {
    std::vector<Stmt> all;
    for (int n = min + roll(3); n > 0; --n) all.push_back(stmt(depth, in_loop));
    return all;
  }
  Stmt stmt(int depth, bool in_loop) {
    static constexpr What kDeep[] = {What::kCall,    What::kIf,    What::kIf,     What::kFor,
                                     What::kForever, What::kRange, What::kSwitch, What::kTagged,
                                     What::kSelect,  What::kBlock};
    Stmt s;
    int leaf = roll(12);
    if (in_loop && leaf == 0)
      s.what = What::kBreak;
    else if (in_loop && leaf == 1)
      s.what = What::kContinue;
    else if (leaf == 2 && depth < 3)
      s.what = roll(2) != 0 ? What::kReturn : What::kThrow;
    else
      s.what = depth > 0 ? kDeep[roll(std::size(kDeep))] : What::kCall;
    s.call = calls_++;
    bool loop = s.what == What::kFor || s.what == What::kForever || s.what == What::kRange;
    if (loop) s.label = labels_++, loops_.push_back(s.label);
    if ((s.what == What::kBreak || s.what == What::kContinue) && roll(2) != 0)
      s.label = loops_[std::size_t(roll(int(loops_.size())))];
    fill(s, depth, in_loop || loop);
    if (loop) loops_.pop_back();
    return s;
  }
  void fill(Stmt& s, int depth, bool in_loop) {
    int bodies = s.what >= What::kBreak && s.what <= What::kThrow ? 0 : s.what == What::kCall ? 0 : 1;
    if (s.what == What::kIf) bodies = 1 + roll(2);
    if (s.what == What::kSwitch || s.what == What::kTagged || s.what == What::kSelect)
      bodies = 1 + roll(3), s.has_default = roll(2) != 0;
    if (s.what == What::kIf || s.what == What::kFor) s.conds.push_back(expr(2));
    if (s.what == What::kFor && roll(2) != 0) s.post = calls_++;
    for (int i = 0; i < bodies; ++i) {
      if (s.what == What::kSwitch) s.conds.push_back(expr(1));
      if (s.what == What::kTagged) s.conds.push_back(expr(0));
      s.bodies.push_back(list(depth - 1, in_loop, i == 0 ? 1 : 0));
      s.falls.push_back((s.what == What::kSwitch || s.what == What::kTagged) && i + 1 < bodies &&
                        roll(4) == 0);
    }
  }

  static std::string name(int call) { return "c" + std::to_string(call) + "()"; }
  static std::string print(const Expr& e) {
    if (e.op == 'c') return name(e.call);
    if (e.op == '!') return "!(" + print(e.parts[0]) + ")";
    return "(" + print(e.parts[0]) + (e.op == '&' ? " && " : " || ") + print(e.parts[1]) + ")";
  }
  static std::string print(const std::vector<Stmt>& all) {
    std::string text;
    for (const Stmt& s : all) text += print(s) + "\n";
    return text;
  }
  static std::string print(const Stmt& s) {
    std::string label = s.label >= 0 ? "L" + std::to_string(s.label) : "", call = name(s.call);
    auto body = [&](std::size_t i) { return " {\n" + print(s.bodies[i]) + "}"; };
    switch (s.what) {
      case What::kCall: return call;
      case What::kIf:
        return "if " + call + "; " + print(s.conds[0]) + body(0) +
               (s.bodies.size() > 1 ? " else" + body(1) : "");
      case What::kFor:
        return label + ": for " + call + "; " + print(s.conds[0]) + "; " + (s.post >= 0 ? name(s.post) : "") +
               body(0);
      case What::kForever: return label + ": for" + body(0);
      case What::kRange: return label + ": for range " + call + body(0);
      case What::kBlock: return body(0);
      case What::kBreak: return call + "\nbreak " + label;
      case What::kContinue: return call + "\ncontinue " + label;
      case What::kReturn: return "return " + call;
      case What::kThrow: return "panic(" + call + ")";
      default: return print_clauses(s);
    }
  }
  static std::string print_clauses(const Stmt& s) {
    std::string text = s.what == What::kSelect
                           ? "select {\n"
                           : "switch " + (s.what == What::kTagged ? name(s.call) : "") + " {\n";
    for (std::size_t i = 0; i < s.bodies.size(); ++i) {
      bool last = i + 1 == s.bodies.size();
      if (last && s.has_default)
        text += "default:\n";
      else if (s.what == What::kSelect)
        text += "case <-ch:\n";
      else
        text += "case " + print(s.conds[i]) + ":\n";
      text += print(s.bodies[i]) + (s.falls[i] ? "fallthrough\n" : "");
    }
    return text + "}";
  }

  bool tired() const { return trace_.size() >= limit_; }
  void call(int c) {
    if (!tired()) trace_.push_back(c);
  }
  bool run(const Expr& e) {
    if (e.op == '!') return !run(e.parts[0]);
    if (e.op == '&') return run(e.parts[0]) && run(e.parts[1]);
    if (e.op == '|') return run(e.parts[0]) || run(e.parts[1]);
    call(e.call);
    return roll(2) != 0;
  }
  Way run(const std::vector<Stmt>& all) {
    for (const Stmt& s : all) {
      if (tired()) return {How::kReturn};
      if (Way way = run(s); way.how != How::kOn) return way;
    }
    return {};
  }
  Way run(const Stmt& s) {
    switch (s.what) {
      case What::kCall: call(s.call); return {};
      case What::kIf: {
        call(s.call);
        if (run(s.conds[0])) return run(s.bodies[0]);
        return s.bodies.size() > 1 ? run(s.bodies[1]) : Way{};
      }
      case What::kFor:
      case What::kForever:
      case What::kRange: return run_loop(s);
      case What::kBlock: return run(s.bodies[0]);
      case What::kBreak: call(s.call); return {How::kBreak, s.label};
      case What::kContinue: call(s.call); return {How::kContinue, s.label};
      case What::kReturn:
      case What::kThrow: call(s.call); return {How::kReturn};
      default: return run_clauses(s);
    }
  }
  Way run_loop(const Stmt& s) {
    if (s.what != What::kForever) call(s.call);
    for (std::size_t round = 0; !tired() && round < 4 * limit_; ++round) {
      if (s.what == What::kFor && !run(s.conds[0])) return {};
      if (s.what == What::kRange && roll(2) == 0) return {};
      Way way = run(s.bodies[0]);
      bool mine = way.label < 0 || way.label == s.label;
      if (way.how == How::kBreak && mine) return {};
      if (way.how != How::kOn && !(way.how == How::kContinue && mine)) return way;
      if (s.post >= 0) call(s.post);
    }
    return {How::kReturn};
  }
  Way run_clauses(const Stmt& s) {
    std::size_t n = s.bodies.size(), chosen = n;
    if (s.what == What::kTagged) call(s.call);
    if (s.what == What::kSelect) {
      chosen = std::size_t(roll(int(n)));
    } else {
      for (std::size_t i = 0; i < n - (s.has_default ? 1 : 0) && chosen == n; ++i)
        if (run(s.conds[i])) chosen = i;
      if (chosen == n && s.has_default) chosen = n - 1;
    }
    for (; chosen < n; ++chosen) {
      Way way = run(s.bodies[chosen]);
      if (way.how == How::kBreak && way.label < 0) return {};
      if (way.how != How::kOn) return way;
      if (!s.falls[chosen]) return {};
    }
    return {};
  }

  std::mt19937 dice_;
  int calls_ = 0, labels_ = 0, last_ = 0;
  std::vector<int> loops_;
  std::vector<Stmt> top_;
  std::string text_;
  std::vector<int> trace_;
  std::size_t limit_ = 0;
};

}  // namespace memsnap::flow
