#pragma once

#include "crypto/endorsement.hpp"
#include "crypto/merkle_tree.hpp"
#include "tests/hub/hub_parts.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::testing {

inline crypto::StatementSigner signer_with(TestHolder holder) {
    return must(crypto::StatementSigner::make(std::move(holder.key), holder.certificate));
}

/// Those who sign beside a unit, by `unit/post`; each has a key of its own.
class Endorsers {
public:
    /// Puts their certificates where `hub` enrols them when it brings its register up to date.
    explicit Endorsers(const HubParts& hub) {
        for (const char* const name :
             {"reeds/reviewer", "reeds/issuer", "lake/issuer", "lake/warden"}) {
            const std::string_view text(name);
            const std::size_t slash = text.find('/');
            add(hub, name, hub.pki.post(text.substr(0, slash), text.substr(slash + 1)));
        }
    }

    void add(const HubParts& hub, const std::string& name, TestHolder holder) {
        std::string file = "endorser-" + name;
        file.replace(file.find('/'), 1, "-");
        hub.put_consented(file, holder.certificate);
        signers_.insert_or_assign(name, signer_with(std::move(holder)));
    }

    [[nodiscard]] const crypto::StatementSigner& of(std::string_view who) const {
        return signers_.find(who)->second;
    }
    /// The statement of `who`, in this role, over the leaf for the hub's log.
    [[nodiscard]] Bytes sign(const HubParts& hub, std::string_view who, std::string_view role,
                             BytesView leaf) const {
        return must(crypto::sign_endorsement(of(who), role, hub.deployment.origin,
                                             crypto::leaf_hash(leaf), hub.clock.now()));
    }

private:
    std::map<std::string, crypto::StatementSigner, std::less<>> signers_;
};

/// Gives the charter the trust domain of the certificates, by which it names who endorses.
inline void adopt_trust_domain(HubParts& hub) {
    CharterParts parts = hub.deployment.charter->parts();
    parts.trust_domain = hub.pki.trust_domain().value();
    hub.deployment.charter = std::make_shared<const Charter>(std::move(parts));
}

/// A poaching report of reeds to lake, which asks for reviewer and issuer.
inline Notice numbered_report(std::uint16_t number) {
    Notice notice = report();
    notice.id = NoticeId(numbered_uuid(number));
    notice.issued_at = TestPki::kNow;
    return notice;
}

/// One leaf with these endorsements and no others.
inline protocol::Submit endorsed_submission(const HubParts& hub, std::string_view unit,
                                            const Bytes& leaf, std::vector<Bytes> statements) {
    protocol::Submit submit = hub.submission(unit, {leaf});
    submit.endorsements.clear();
    if (!statements.empty()) submit.endorsements.push_back({0, std::move(statements)});
    return submit;
}

/// A started hub with those who endorse.
struct EndorsedHub : HubParts {
    EndorsedHub() {
        adopt_trust_domain(*this);
        attachments.sizes[{UnitId("reeds"), file("report").sha256}] = 10;
        start();
    }

    [[nodiscard]] Bytes sign(std::string_view who, std::string_view role, BytesView leaf) const {
        return endorsers.sign(*this, who, role, leaf);
    }
    /// The two that a report asks for.
    [[nodiscard]] std::vector<Bytes> both(BytesView leaf) const {
        return {sign("reeds/reviewer", "reviewer", leaf), sign("reeds/issuer", "issuer", leaf)};
    }
    [[nodiscard]] hub::VerifiedBatch admit(std::string_view unit, const Bytes& leaf,
                                           std::vector<Bytes> statements) const {
        Checked<hub::VerifiedBatch> batch =
            admission().admit(UnitId(std::string(unit)),
                              endorsed_submission(*this, unit, leaf, std::move(statements)));
        if (!batch) throw std::runtime_error(std::string(code(batch.error().code)));
        return *std::move(batch);
    }
    [[nodiscard]] protocol::LeafOutcome log_one(hub::VerifiedBatch batch) {
        std::vector<hub::VerifiedBatch> batches;
        batches.push_back(std::move(batch));
        return sequence(batches).front().leaves.front();
    }
    [[nodiscard]] protocol::LeafOutcome send_endorsed(std::string_view unit, const Bytes& leaf,
                                                      std::vector<Bytes> statements) {
        return log_one(admit(unit, leaf, std::move(statements)));
    }
    /// Has the certificate in the revocation list, and in the register.
    void revoke(const crypto::Certificate& certificate) {
        pki.revoke(certificate);
        deployment.trust.set(std::make_shared<const crypto::TrustStore>(pki.trust_store()));
        start();
    }

    Endorsers endorsers{*this};
};

}  // namespace tongbao::testing
