#include "misuse/known.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace memsnap::misuse {
namespace {

struct Name {
  std::string_view text;
  Known known;
};

constexpr Name kBuiltins[] = {
    {"append", Known::kAppend},   {"cap", Known::kCap},       {"clear", Known::kClear},
    {"copy", Known::kCopy},       {"delete", Known::kDelete}, {"len", Known::kLen},
    {"make", Known::kMake},       {"new", Known::kNew},       {"panic", Known::kPanic},
    {"recover", Known::kRecover},
};

// By the names that Program::qualified_name gives. Where they are few they are written out.
constexpr Name kFunctions[] = {
    {"(*sync.Mutex).Lock", Known::kLock},
    {"(*sync.Mutex).Unlock", Known::kUnlock},
    {"(*sync.RWMutex).Lock", Known::kLock},
    {"(*sync.RWMutex).Unlock", Known::kUnlock},
    {"(*sync.RWMutex).RLock", Known::kRLock},
    {"(*sync.RWMutex).RUnlock", Known::kRUnlock},
    {"sync.Locker.Lock", Known::kLock},
    {"sync.Locker.Unlock", Known::kUnlock},
    {"(*sync.Pool).Get", Known::kPoolGet},
    {"(*sync.Pool).Put", Known::kPoolPut},
    {"(*sync.Map).Store", Known::kSyncMapStore},
    {"(*sync.Map).LoadOrStore", Known::kSyncMapStore},
    {"(*sync.Map).Swap", Known::kSyncMapStore},
    {"(*sync.Map).Delete", Known::kSyncMapDelete},
    {"(*sync.Map).LoadAndDelete", Known::kSyncMapDelete},
    {"(*sync.Map).CompareAndDelete", Known::kSyncMapDelete},
    {"(*sync.Map).Clear", Known::kSyncMapDelete},
    {"(*sync.WaitGroup).Wait", Known::kWait},
    {"(*sync.WaitGroup).Go", Known::kGroupGo},
    {"(*golang.org/x/sync/errgroup.Group).Wait", Known::kWait},
    {"(*golang.org/x/sync/errgroup.Group).Go", Known::kGroupGo},
    {"(*golang.org/x/sync/errgroup.Group).TryGo", Known::kGroupGo},
    {"bytes.Clone", Known::kClone},
    {"slices.Clone", Known::kClone},
    {"slices.Concat", Known::kClone},
    {"maps.Clone", Known::kClone},
    {"strings.Clone", Known::kClone},
    {"os.ReadFile", Known::kReadWhole},
    {"io.ReadAll", Known::kReadWhole},
    {"io/ioutil.ReadAll", Known::kReadWhole},
    {"io/ioutil.ReadFile", Known::kReadWhole},
    {"io/fs.ReadFile", Known::kReadWhole},
    {"(*os.Root).ReadFile", Known::kReadWhole},
    {"strings.Cut", Known::kCutString},
    {"strings.CutPrefix", Known::kCutString},
    {"strings.CutSuffix", Known::kCutString},
    {"strings.Fields", Known::kCutString},
    {"strings.FieldsFunc", Known::kCutString},
    {"strings.Split", Known::kCutString},
    {"strings.SplitAfter", Known::kCutString},
    {"strings.SplitAfterN", Known::kCutString},
    {"strings.SplitN", Known::kCutString},
    {"strings.Trim", Known::kCutString},
    {"strings.TrimFunc", Known::kCutString},
    {"strings.TrimLeft", Known::kCutString},
    {"strings.TrimPrefix", Known::kCutString},
    {"strings.TrimRight", Known::kCutString},
    {"strings.TrimSpace", Known::kCutString},
    {"strings.TrimSuffix", Known::kCutString},
    {"slices.Clip", Known::kCutSlice},
    {"bytes.Cut", Known::kCutSlice},
    {"bytes.Fields", Known::kCutSlice},
    {"bytes.Split", Known::kCutSlice},
    {"bytes.SplitN", Known::kCutSlice},
    {"bytes.TrimPrefix", Known::kCutSlice},
    {"bytes.TrimSuffix", Known::kCutSlice},
    {"slices.Delete", Known::kSlicesDelete},
    {"slices.DeleteFunc", Known::kSlicesDelete},
    {"slices.Compact", Known::kSlicesDelete},
    {"slices.CompactFunc", Known::kSlicesDelete},
    {"slices.Replace", Known::kSlicesDelete},
    {"fmt.Sprint", Known::kFormat},
    {"fmt.Sprintf", Known::kFormat},
    {"fmt.Sprintln", Known::kFormat},
    {"strconv.Itoa", Known::kStringOf},
    {"strconv.FormatInt", Known::kStringOf},
    {"strconv.FormatUint", Known::kStringOf},
    {"context.WithValue", Known::kContextWithValue},
    {"runtime.SetFinalizer", Known::kSetFinalizer},
    {"runtime.AddCleanup", Known::kAddCleanup},
    {"time.After", Known::kTimeAfter},
    {"time.NewTimer", Known::kNewTimer},
    {"(*bytes.Buffer).Bytes", Known::kBufferBytes},
    {"(*bytes.Buffer).AvailableBuffer", Known::kBufferBytes},
    {"(*bufio.Scanner).Bytes", Known::kScannerBytes},
    {"(*bufio.Reader).ReadSlice", Known::kScannerBytes},
    {"(*bufio.Reader).ReadLine", Known::kScannerBytes},
    {"(*bufio.Reader).Peek", Known::kScannerBytes},
    {"encoding/json.Unmarshal", Known::kFill},
    {"encoding/xml.Unmarshal", Known::kFill},
    {"encoding/gob.Unmarshal", Known::kFill},
    {"maps.Copy", Known::kMapsCopy},
    {"maps.DeleteFunc", Known::kMapsDeleteFunc},
    {"net/http.HandleFunc", Known::kHandle},
    {"net/http.Handle", Known::kHandle},
    {"(*net/http.ServeMux).HandleFunc", Known::kHandle},
    {"(*net/http.ServeMux).Handle", Known::kHandle},
    {"net/http.HandlerFunc", Known::kHandle},
    {"time.AfterFunc", Known::kAfterFunc},
    {"os.Exit", Known::kExit},
    {"log.Fatal", Known::kExit},
    {"log.Fatalf", Known::kExit},
    {"log.Fatalln", Known::kExit},
    {"log.Panic", Known::kExit},
    {"log.Panicf", Known::kExit},
    {"runtime.Goexit", Known::kExit},
    {"(*testing.common).Fatal", Known::kExit},
    {"(*testing.common).Fatalf", Known::kExit},
    {"(*testing.common).FailNow", Known::kExit},
    {"(*testing.common).Skip", Known::kExit},
    {"(*testing.common).Skipf", Known::kExit},
    {"(*testing.common).SkipNow", Known::kExit},
    {"testing.TB.Fatal", Known::kExit},
    {"testing.TB.Fatalf", Known::kExit},
    {"unsafe.StringData", Known::kStringData},
    {"unsafe.SliceData", Known::kStringData},
    {"io.ReadFull", Known::kReadInto},
    {"io.ReadAtLeast", Known::kReadInto},
    {"io.Reader.Read", Known::kReadInto},
    {"(*os.File).Read", Known::kReadInto},
    {"(*bufio.Reader).Read", Known::kReadInto},
    {"net.Conn.Read", Known::kReadInto},
    {"sort.Slice", Known::kSort},
    {"slices.Sort", Known::kSort},
    {"slices.SortFunc", Known::kSort},
    {"maps.All", Known::kSort},
    {"maps.Keys", Known::kSort},
    {"maps.Values", Known::kSort},
    {"golang.org/x/exp/maps.Keys", Known::kSort},
    {"golang.org/x/exp/maps.Values", Known::kSort},
};

Known look_up(types::Program& program, types::ObjectId callee) {
  types::ObjectKind kind = program.object(callee).kind;
  std::string_view bare = program.name(callee);
  if (kind == types::ObjectKind::kBuiltin) {
    auto found = std::ranges::find(kBuiltins, bare, &Name::text);
    if (found != std::end(kBuiltins)) return found->known;
  }
  bool worth = std::ranges::any_of(kFunctions, [&](const Name& one) {
    return one.text.ends_with(bare) && one.text[one.text.size() - bare.size() - 1] == '.';
  });
  if (worth) {
    std::string full = program.qualified_name(callee);
    auto found = std::ranges::find(kFunctions, std::string_view(full), &Name::text);
    if (found != std::end(kFunctions)) return found->known;
  }
  bool method = program.object(callee).method;
  if (bare == "Decode" || bare == "Unmarshal" || bare == "UnmarshalJSON" || bare == "Scan" ||
      bare == "StructScan")
    return Known::kFill;
  if (method && bare == "Read") return Known::kReadInto;
  return Known::kNone;
}

}  // namespace

Known KnownCalls::of(types::Program& program, types::ObjectId callee) {
  if (!types::is_there(callee)) return Known::kNone;
  auto at = std::size_t(callee);
  if (at >= seen_.size()) seen_.resize(std::max(at + 1, 2 * seen_.size()));
  if (seen_[at] == 0) seen_[at] = std::uint8_t(int(look_up(program, callee)) + 1);
  return Known(seen_[at] - 1);
}

}  // namespace memsnap::misuse
