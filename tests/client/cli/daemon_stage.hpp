#pragma once

#include "tests/client/cli/fake_daemon.hpp"

#include <string>

/// What the tests of the commands share which talk to a daemon.
namespace tongbao::client::testing {

inline const std::string kId = "0190163d-8694-739b-aea5-966c26f8ad91";
// SHA-256 of "abc": FIPS 180-2, appendix B.1.
inline const std::string kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// What the daemon says of the sent item kId.
[[nodiscard]] std::string sent(const std::string& state, const std::string& more = "");

/// The body of the last request of that target; fails the test if there was none.
[[nodiscard]] std::string body_of(const FakeDaemon& daemon, const std::string& target);

/// A daemon that has a charter.
struct DaemonStage {
    FakeDaemon daemon;

    DaemonStage();

    /// A file of that name; its path.
    [[nodiscard]] std::string write_file(const std::string& name, const std::string& text) const;
    /// From now on notices are taken as kId and logged at 12.
    void accept_notice();
    /// Has the notice kId at 12, with `more` members.
    void asked_notice(const std::string& more, const std::string& beside = {});
};

}  // namespace tongbao::client::testing
