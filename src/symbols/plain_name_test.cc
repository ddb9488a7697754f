// The wanted texts are those of demangle.Filter with the options of go tool pprof.
#include "symbols/plain_name.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

struct Case {
  const char *linker, *simple, *templates, *full;
};

TEST(PlainName, AsGoToolPprofShowsIt) {
  static constexpr Case kCases[] = {
      {"_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector::push_back",
       "std::vector<int, std::allocator<int> >::push_back",
       "std::vector<int, std::allocator<int> >::push_back(int const&)"},
      {"_Znwm", "operator new", "operator new", "operator new(unsigned long)"},
      {"_ZN3foo3BarclEiPKc", "foo::Bar::operator()", "foo::Bar::operator()",
       "foo::Bar::operator()(int, char const*)"},
      {"_ZN12_GLOBAL__N_16helperEv", "(anonymous namespace)::helper", "(anonymous namespace)::helper",
       "(anonymous namespace)::helper()"},
      {"_ZN2ns1fIiEEvT_", "ns::f", "ns::f<int>", "void ns::f<int>(int)"},
      {"_ZN1AD2Ev", "A::~A", "A::~A", "A::~A()"},
      {"_Z1fv.cold", "f", "f", "f()"},
      {"_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_PKc", "std::operator<<",
       "std::operator<< <std::char_traits<char> >",
       "std::basic_ostream<char, std::char_traits<char> >& std::operator<< <std::char_traits<char> >("
       "std::basic_ostream<char, std::char_traits<char> >&, char const*)"},
      {"_ZZ4mainENKUlvE_clEv", "main::{lambda()#1}::operator()", "main::{lambda()#1}::operator()",
       "main::{lambda()#1}::operator()() const"},
      {"_ZNKSt8functionIFvvEEclEv", "std::function::operator()", "std::function<void ()>::operator()",
       "std::function<void ()>::operator()() const"},
      {"_ZTV3Foo", "vtable for Foo", "vtable for Foo", "vtable for Foo"},
      {"_ZGVZ4mainE1x", "guard variable for main::x", "guard variable for main::x",
       "guard variable for main::x"},
      {"_ZZ1fiENKUliE_clEi", "f()::{lambda(int)#1}::operator()", "f()::{lambda(int)#1}::operator()",
       "f(int)::{lambda(int)#1}::operator()(int) const"},
      {"_ZN1AcvbEv", "A::operator bool", "A::operator bool", "A::operator bool()"},
      {"_ZltRK1AS1_", "operator<", "operator<", "operator<(A const&, A const&)"},
      {"_ZN1AptEv", "A::operator->", "A::operator->", "A::operator->()"},
      {"_ZdaPv", "operator delete[]", "operator delete[]", "operator delete[](void*)"},
      {"_ZN1AaSERKS_", "A::operator=", "A::operator=", "A::operator=(A const&)"},
      {"_ZThn8_NK1B1gEi", "non-virtual thunk to B::g(int) const", "non-virtual thunk to B::g(int) const",
       "non-virtual thunk to B::g(int) const"},
      {"_ZZNK1A1gEiENKUlvE_clEv", "A::g() const::{lambda()#1}::operator()",
       "A::g() const::{lambda()#1}::operator()", "A::g(int) const::{lambda()#1}::operator()() const"},
      {"_ZZ1fIiEvT_ENKUlvE_clEv", "f()::{lambda()#1}::operator()", "f<int>()::{lambda()#1}::operator()",
       "f<int>(int)::{lambda()#1}::operator()() const"},
      {"_ZZN1A1fEiE5table", "A::f()::table", "A::f()::table", "A::f(int)::table"},
      {"_ZN4funcIZN3app3runEiEUlvE_E3runEv", "func::run", "func<app::run()::{lambda()#1}>::run",
       "func<app::run(int)::{lambda()#1}>::run()"},
      {"_Z", "", "", ""},
      {"_ZN", "", "", ""},
      {"main.main", "", "", ""},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(plain_name(c.linker, NameDetail::kSimple), c.simple) << c.linker;
    EXPECT_EQ(plain_name(c.linker, NameDetail::kTemplates), c.templates) << c.linker;
    EXPECT_EQ(plain_name(c.linker, NameDetail::kFull), c.full) << c.linker;
  }
}

TEST(PlainName, RustWithAHash) {
  EXPECT_EQ(plain_name("_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", NameDetail::kSimple),
            "core::fmt::Formatter::pad");
  EXPECT_EQ(rust_name("_ZN49_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$Drop$GT$4drop17h0123456789abcdefE"),
            "<alloc::vec::Vec<T> as Drop>::drop");
  EXPECT_EQ(rust_name("_ZN3foo17h0000000000000000E"), "");  // a hash has more digits
  EXPECT_EQ(rust_name("_ZN999foo17h0123456789abcdefE"), "");
}

}  // namespace
}  // namespace memsnap
