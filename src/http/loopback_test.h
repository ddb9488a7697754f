// A server on loopback for tests: says what the test wants and remembers what it was asked.
#pragma once

#include "http/url.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace memsnap {

// A key and a certificate for nobody in particular, signed by itself.
struct Identity {
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
  Identity() {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"),
                               -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    SSL_CTX_use_certificate(context.get(), certificate);
    SSL_CTX_use_PrivateKey(context.get(), key);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
};

class TestServer {
 public:
  // Gives the bytes of the answer to the bytes of a request.
  using Answer = std::function<std::string(const std::string& request)>;
  explicit TestServer(Answer answer, bool tls = false) : answer_(std::move(answer)) {
    if (tls) identity_ = std::make_unique<Identity>();
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(listen(listener_, 16), 0);
    socklen_t size = sizeof at;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
    port = ntohs(at.sin_port);
    thread_ = std::jthread([this](std::stop_token stop) { serve(stop); });
  }
  ~TestServer() {
    thread_.request_stop();
    thread_.join();
    close(listener_);
  }
  Url url(const std::string& path, const std::string& scheme = "http", const std::string& user = "") const {
    return *Url::parse(fmt::format("{}://{}127.0.0.1:{}{}", scheme, user, port, path));
  }
  std::vector<std::string> requests() {
    std::lock_guard held(lock_);
    return requests_;
  }

  int port = 0;
  std::atomic<bool> silent = false;  // takes requests and says nothing

 private:
  bool readable(int descriptor, std::stop_token stop) {
    while (!stop.stop_requested()) {
      pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
      if (poll(&one, 1, 20) > 0) return true;
    }
    return false;
  }
  void serve(std::stop_token stop) {
    while (readable(listener_, stop)) {
      int peer = accept(listener_, nullptr, nullptr);
      if (peer < 0) continue;
      talk(peer, stop);
      close(peer);
    }
  }
  void talk(int peer, std::stop_token stop) {
    std::unique_ptr<SSL, void (*)(SSL*)> tls{identity_ ? SSL_new(identity_->context.get()) : nullptr,
                                             SSL_free};
    if (tls && (SSL_set_fd(tls.get(), peer) != 1 || SSL_accept(tls.get()) != 1)) return;
    std::string request;
    char piece[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      if (!readable(peer, stop)) return;
      ssize_t n = tls ? SSL_read(tls.get(), piece, sizeof piece) : recv(peer, piece, sizeof piece, 0);
      if (n <= 0) return;
      request.append(piece, std::size_t(n));
    }
    {
      std::lock_guard held(lock_);
      requests_.push_back(request);
    }
    if (silent) {
      readable(peer, stop);  // until the client goes
      return;
    }
    std::string answer = answer_(request);
    for (std::string_view left = answer; !left.empty();) {
      ssize_t n = tls ? SSL_write(tls.get(), left.data(), int(left.size()))
                      : send(peer, left.data(), left.size(), MSG_NOSIGNAL);
      if (n <= 0) return;
      left.remove_prefix(std::size_t(n));
    }
    if (answer.ends_with("<stall>")) readable(peer, stop);
    if (tls) SSL_shutdown(tls.get());
  }

  Answer answer_;
  std::unique_ptr<Identity> identity_;
  int listener_ = -1;
  std::mutex lock_;
  std::vector<std::string> requests_;
  std::jthread thread_;
};

inline std::string ok(const std::string& body, const std::string& headers = "") {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), headers, body);
}
inline std::string moved(const std::string& to, int status = 302) {
  return fmt::format("HTTP/1.1 {} Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", status, to);
}
inline std::string line_of(const std::string& request) { return request.substr(0, request.find("\r\n")); }
inline bool has(const std::string& request, const std::string& text) {
  return request.find(text) != std::string::npos;
}

}  // namespace memsnap
