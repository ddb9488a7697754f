#include "os/terminal.h"

#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace memsnap {
namespace {

termios before;
std::atomic<bool> raw = false;

}  // namespace

RawTerminal::RawTerminal() {
  if (tcgetattr(STDIN_FILENO, &before) != 0) return;
  termios now = before;
  now.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INPCK | ISTRIP | IXON);
  now.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG);
  now.c_cc[VMIN] = 1;
  now.c_cc[VTIME] = 0;
  raw = tcsetattr(STDIN_FILENO, TCSADRAIN, &now) == 0;
}

RawTerminal::~RawTerminal() { restore_terminal(); }

void restore_terminal() {
  if (raw.exchange(false)) tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
}

std::optional<unsigned char> RawTerminal::key() {
  unsigned char byte = 0;
  for (;;) {
    ssize_t n = ::read(STDIN_FILENO, &byte, 1);
    if (n == 1) return byte;
    if (n == 0 || errno != EINTR) return std::nullopt;
  }
}

}  // namespace memsnap
