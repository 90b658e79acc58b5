// Instructions that matter, by their bytes.
#include "recorder.h"

struct parts {
  size_t opcode;  // index of the first opcode byte
  uint8_t rex;
  bool simd;      // prefix 66, F2 or F3
};

// REX bytes are instructions of their own in 32-bit code: there they stand last.
static struct parts parts_of(const uint8_t *code, size_t size) {
  struct parts parts = { 0, 0, false };
  for (; parts.opcode + 1 < size; parts.opcode++) {
    uint8_t byte = code[parts.opcode];
    if (byte == 0x66 || byte == 0xF2 || byte == 0xF3) parts.simd = true;
    else if (byte >= 0x40 && byte <= 0x4F) parts.rex = byte;
    else if (byte != 0x67 && byte != 0xF0 && byte != 0x2E && byte != 0x36 && byte != 0x3E && byte != 0x26 && byte != 0x64 && byte != 0x65) break;
  }
  return parts;
}

// Opcodes of one byte that read memory and never write it. QEMU 7.2 calls back for loads too, so leaving these out saves most of the calls.
static bool loads_only(uint8_t opcode, uint8_t modrm) {
  if (opcode < 0x40) return (opcode & 7) == 2 || (opcode & 7) == 3 || (opcode >= 0x38 && opcode <= 0x3B);
  if (opcode == 0x80 || opcode == 0x81 || opcode == 0x83) return (modrm >> 3 & 7) == 7; // cmp
  if (opcode == 0xF6 || opcode == 0xF7) return (modrm >> 3 & 7) < 2;                    // test
  return (opcode >= 0x58 && opcode <= 0x5F) || opcode == 0x63 || opcode == 0x69 || opcode == 0x6B || opcode == 0x84 || opcode == 0x85 ||
    opcode == 0x8A || opcode == 0x8B || opcode == 0xA0 || opcode == 0xA1 || opcode == 0xC2 || opcode == 0xC3 || opcode == 0xC9;
}

static bool loads_only_0f(uint8_t opcode) {
  return (opcode >= 0x40 && opcode <= 0x4F) || opcode == 0xA3 || opcode == 0xAF || opcode == 0xB6 || opcode == 0xB7 || opcode == 0xBC || opcode == 0xBD ||
    opcode == 0xBE || opcode == 0xBF;
}

enum meaning meaning_of(const uint8_t *code, size_t size) {
  struct parts parts = parts_of(code, size);
  const uint8_t *op = code + parts.opcode;
  size_t left = size - parts.opcode;
  uint8_t next = left > 1 ? op[1] : 0;
  if (op[0] == 0x9A || op[0] == 0xEA || (op[0] == 0xFF && ((next >> 3 & 7) == 3 || (next >> 3 & 7) == 5))) return FAR_JUMP;
  if (op[0] != 0x0F) return loads_only(op[0], next) ? LOADS_ONLY : NOTHING;
  uint8_t modrm = left > 2 ? op[2] : 0;
  if (next == 0x22 || next == 0x06 || (next == 0x01 && (modrm >> 3 & 7) == 6)) return MOVES_TO_CR; // mov, clts, lmsw
  if (next == 0x30) return WRITES_MSR;
  if (next == 0x01 && (modrm >> 3 & 7) == 7 && modrm < 0xC0) return INVLPG;
  if (next == 0x38 && modrm == 0x82 && parts.simd) return INVPCID;
  return !parts.simd && loads_only_0f(next) ? LOADS_ONLY : NOTHING;
}

static int32_t signed_at(const uint8_t *bytes, unsigned size) {
  if (size == 1) return (int8_t)bytes[0];
  return (int32_t)(bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (uint32_t)bytes[3] << 24);
}

// Linear address of the operand of invlpg, with segment bases of 0 as all kernels of today have them. ~0 if it cannot be told.
uint64_t operand_address(const uint8_t *code, size_t size, uint64_t pc, const struct registers *registers) {
  struct parts parts = parts_of(code, size);
  size_t at = parts.opcode + 2;
  if (at >= size) return ~0ull;
  uint8_t modrm = code[at++], mod = modrm >> 6, rm = modrm & 7;
  uint64_t base = 0, index = 0;
  bool no_base = mod == 0 && rm == 5;
  if (rm == 4) {
    if (at >= size) return ~0ull;
    uint8_t sib = code[at++], number = (sib >> 3 & 7) | (parts.rex & 2) << 2;
    if (number != 4) index = registers->gpr[number] << (sib >> 6);
    rm = sib & 7;
    no_base = mod == 0 && rm == 5;
  }
  if (!no_base) base = registers->gpr[rm | (parts.rex & 1) << 3];
  unsigned displacement = mod == 1 ? 1 : mod == 2 || no_base ? 4 : 0;
  if (at + displacement > size) return ~0ull;
  uint64_t address = base + index + (displacement ? (uint64_t)(int64_t)signed_at(code + at, displacement) : 0);
  if (no_base && (modrm & 7) == 5 && registers->long_mode) address += pc + size;
  return registers->long_mode ? address : (uint32_t)address;
}
