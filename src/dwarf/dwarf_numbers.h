// Numbers of DWARF 4 and 5 (dwarfstd.org) and of Go (cmd/internal/dwarf) that the reader meets.
#pragma once

#include <cstdint>

namespace memsnap::dw {

inline constexpr std::uint16_t kLanguageGo = 0x16;

enum UnitType : std::uint8_t {
  kUnitCompile = 1,
  kUnitType = 2,
  kUnitPartial = 3,
  kUnitSkeleton = 4,
  kUnitSplit = 5,
  kUnitSplitType = 6
};

enum Tag : std::uint16_t {
  kTagArray = 0x01,
  kTagClass = 0x02,
  kTagEnumeration = 0x04,
  kTagFormalParameter = 0x05,
  kTagLexicalBlock = 0x0b,
  kTagMember = 0x0d,
  kTagPointer = 0x0f,
  kTagReference = 0x10,
  kTagCompileUnit = 0x11,
  kTagStructure = 0x13,
  kTagSubroutineType = 0x15,
  kTagTypedef = 0x16,
  kTagUnion = 0x17,
  kTagInheritance = 0x1c,
  kTagInlinedSubroutine = 0x1d,
  kTagSubrange = 0x21,
  kTagBase = 0x24,
  kTagConst = 0x26,
  kTagSubprogram = 0x2e,
  kTagVariable = 0x34,
  kTagVolatile = 0x35,
  kTagRestrict = 0x37,
  kTagUnspecifiedType = 0x3b,
  kTagRvalueReference = 0x42,
  kTagAtomic = 0x47,
};

enum Attribute : std::uint16_t {
  kAtSibling = 0x01,
  kAtLocation = 0x02,
  kAtName = 0x03,
  kAtByteSize = 0x0b,
  kAtStmtList = 0x10,
  kAtLowPc = 0x11,
  kAtHighPc = 0x12,
  kAtLanguage = 0x13,
  kAtCompDir = 0x1b,
  kAtConstValue = 0x1c,
  kAtUpperBound = 0x2f,
  kAtAbstractOrigin = 0x31,
  kAtArtificial = 0x34,
  kAtCount = 0x37,
  kAtDataMemberLocation = 0x38,
  kAtDeclFile = 0x3a,
  kAtDeclLine = 0x3b,
  kAtEncoding = 0x3e,
  kAtFrameBase = 0x40,
  kAtSpecification = 0x47,
  kAtType = 0x49,
  kAtRanges = 0x55,
  kAtCallColumn = 0x57,
  kAtCallFile = 0x58,
  kAtCallLine = 0x59,
  kAtLinkageName = 0x6e,
  kAtStrOffsetsBase = 0x72,
  kAtAddrBase = 0x73,
  kAtRnglistsBase = 0x74,
  kAtLoclistsBase = 0x8c,
  kAtMipsLinkageName = 0x2007,
  kAtGnuDiscriminator = 0x2136,
  kAtGoKind = 0x2900,
  kAtGoKey = 0x2901,
  kAtGoElem = 0x2902,
  kAtGoEmbeddedField = 0x2903,
  kAtGoRuntimeType = 0x2904,
  kAtGoClosureOffset = 0x2907,
};

enum Form : std::uint16_t {
  kFormAddr = 0x01,
  kFormBlock2 = 0x03,
  kFormBlock4 = 0x04,
  kFormData2 = 0x05,
  kFormData4 = 0x06,
  kFormData8 = 0x07,
  kFormString = 0x08,
  kFormBlock = 0x09,
  kFormBlock1 = 0x0a,
  kFormData1 = 0x0b,
  kFormFlag = 0x0c,
  kFormSdata = 0x0d,
  kFormStrp = 0x0e,
  kFormUdata = 0x0f,
  kFormRefAddr = 0x10,
  kFormRef1 = 0x11,
  kFormRef2 = 0x12,
  kFormRef4 = 0x13,
  kFormRef8 = 0x14,
  kFormRefUdata = 0x15,
  kFormSecOffset = 0x17,
  kFormExprloc = 0x18,
  kFormFlagPresent = 0x19,
  kFormStrx = 0x1a,
  kFormAddrx = 0x1b,
  kFormRefSup4 = 0x1c,
  kFormStrpSup = 0x1d,
  kFormData16 = 0x1e,
  kFormLineStrp = 0x1f,
  kFormRefSig8 = 0x20,
  kFormImplicitConst = 0x21,
  kFormLoclistx = 0x22,
  kFormRnglistx = 0x23,
  kFormRefSup8 = 0x24,
  kFormStrx1 = 0x25,
  kFormStrx2 = 0x26,
  kFormStrx3 = 0x27,
  kFormStrx4 = 0x28,
  kFormAddrx1 = 0x29,
  kFormAddrx2 = 0x2a,
  kFormAddrx3 = 0x2b,
  kFormAddrx4 = 0x2c,
};

enum Operation : std::uint8_t {
  kOpAddr = 0x03,
  kOpConst1u = 0x08,
  kOpConst1s = 0x09,
  kOpConst2u = 0x0a,
  kOpConst2s = 0x0b,
  kOpConst4u = 0x0c,
  kOpConst4s = 0x0d,
  kOpConst8u = 0x0e,
  kOpConst8s = 0x0f,
  kOpConstu = 0x10,
  kOpConsts = 0x11,
  kOpMinus = 0x1c,
  kOpPlus = 0x22,
  kOpPlusUconst = 0x23,
  kOpLit0 = 0x30,
  kOpLit31 = 0x4f,
  kOpReg0 = 0x50,
  kOpReg31 = 0x6f,
  kOpBreg0 = 0x70,
  kOpBreg31 = 0x8f,
  kOpRegx = 0x90,
  kOpFbreg = 0x91,
  kOpBregx = 0x92,
  kOpPiece = 0x93,
  kOpNop = 0x96,
  kOpCallFrameCfa = 0x9c,
  kOpImplicitValue = 0x9e,
  kOpStackValue = 0x9f,
  kOpAddrx = 0xa1,
  kOpEntryValue = 0xa3,
  kOpGnuEntryValue = 0xf3,
};

// The line number program (DWARF 5 section 6.2).
enum LineOperation : std::uint8_t {
  kLineExtended = 0,
  kLineCopy = 1,
  kLineAdvancePc = 2,
  kLineAdvanceLine = 3,
  kLineSetFile = 4,
  kLineSetColumn = 5,
  kLineConstAddPc = 8,
  kLineFixedAdvancePc = 9,
};
enum ExtendedLineOperation : std::uint8_t {
  kLineEndSequence = 1,
  kLineSetAddress = 2,
  kLineDefineFile = 3,
  kLineSetDiscriminator = 4,
};
enum LineContent : std::uint16_t { kLinePath = 1, kLineFolderIndex = 2 };

// Entries of .debug_rnglists and .debug_loclists share their numbers up to offset_pair.
enum ListEntry : std::uint8_t { kEndOfList, kBaseAddressx, kStartxEndx, kStartxLength, kOffsetPair };
enum RangeEntry : std::uint8_t { kRangeBaseAddress = 5, kRangeStartEnd = 6, kRangeStartLength = 7 };
enum LocationEntry : std::uint8_t {
  kLocationDefault = 5,
  kLocationBaseAddress = 6,
  kLocationStartEnd = 7,
  kLocationStartLength = 8,
};

}  // namespace memsnap::dw
