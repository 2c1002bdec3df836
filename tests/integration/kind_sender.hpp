#pragma once

#include "crypto/statement.hpp"
#include "domain/time.hpp"
#include "tests/integration/live_sandbox.hpp"
#include "tests/integration/local_client.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::testing {

/// The morning of a working day, for a sandbox whose clock is set.
inline constexpr const char* kWednesday = "2020-09-30T09:00+08:00";

/// A notice that the hub accepted and that arrived, if its recipient is online.
struct SentKind {
    std::string id;
    std::string from;
    std::string to;
    /// None if the kind belongs to no case.
    std::string case_number;
};

/// Sends notices of any kind of a sandbox's charter over the daemons' local APIs, knowing nothing
/// of the kinds but what the charter says: synthetic values by type, whatever a refusal asks for
/// besides, the notice that it answers sent before, the signatures that are asked for. Throws
/// std::runtime_error with what was answered when something else is refused.
class KindSender {
public:
    /// In a test deployment whose clock stands at `clock`.
    KindSender(const LiveSandbox& sandbox, const std::string& clock);

    /// The ids of the charter's kinds that a unit which is online may send to another.
    [[nodiscard]] std::vector<std::string> kinds() const;
    /// The ids of all others, which go outside.
    [[nodiscard]] std::vector<std::string> other_kinds() const;

    /// Sends one, and first what it answers.
    SentKind send(const std::string& kind);

    /// Sends one of the other kinds to the first whom it may go to, and first what it answers; the
    /// hub delivers it to nobody.
    SentKind send_outside(const std::string& kind);

    /// Its sender withdraws a notice that went outside alone, before whom the daemon chooses, which
    /// must be `before`.
    SentKind withdraw(const SentKind& sent, const std::string& before);

private:
    using Pair = std::pair<std::string, std::string>;

    [[nodiscard]] const Json& kind_of(const std::string& id) const;
    [[nodiscard]] std::vector<std::string> online(const Json& addresses) const;
    /// Who may send it to whom.
    [[nodiscard]] std::vector<Pair> pairs(const Json& kind) const;
    SentKind send_between(const Json& kind, const Pair& pair);
    /// What the notice of this pair may answer, sent; none if there is no such kind.
    std::optional<SentKind> send_asked(const Json& kind, const Pair& pair);
    /// A transfer, whose case is that of all that need one, and which nobody signs for.
    const SentKind& base();

    [[nodiscard]] Json value_of(const Json& field, const Pair& pair);
    [[nodiscard]] Json row_of(const std::string& table, const Pair& pair);
    [[nodiscard]] Json attachment_of(const Json& attachment, const std::string& unit);
    /// Adds what the reasons ask for; whether each of them did.
    [[nodiscard]] bool mend(Json& draft, const Json& kind, const Json& reasons, const Pair& pair);

    void endorse(const SentKind& sent, const Json& endorsements);
    [[nodiscard]] Json post_signature(const std::string& unit, const std::string& post,
                                      const Json& held);
    void await(SentKind& sent);
    LocalClient& client(const std::string& unit);

    const LiveSandbox& sandbox_;
    Json file_;
    Json charter_;
    UtcTime now_;
    std::map<std::string, LocalClient> clients_;
    std::map<std::string, std::string> uploads_;
    std::map<Pair, crypto::StatementSigner> signers_;
    std::optional<SentKind> base_;
};

}  // namespace tongbao::testing
