#include "client/daemon/endorsement_desk.hpp"

#include "client/daemon/store_write.hpp"
#include "crypto/endorsement.hpp"
#include "crypto/merkle_tree.hpp"
#include "domain/notice_rules.hpp"
#include "protocol/notice_json.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::client {
namespace {

Reason invalid(Errc why) {
    return {Errc::endorsement_invalid, "statement",
            std::string(code(why)) + ": " + std::string(sentence(why))};
}

}  // namespace

Result<HeldView> EndorsementDesk::view_of(storage::HeldNotice held) const {
    Checked<Notice> notice = protocol::read_notice(held.bytes);
    if (!notice) return Errc::storage_corrupt;
    HeldView view{std::move(held), *std::move(notice), {}, false};
    std::vector<std::string> given;
    for (const Bytes& statement : view.held.endorsements) {
        const Result<Endorsement> read = crypto::read_endorsement(statement);
        if (!read) return Errc::storage_corrupt;
        given.push_back(read->role);
    }
    const Kind* const kind = services_.charter->find_kind(view.notice.kind);
    if (kind == nullptr) return view;
    for (Endorsement& each :
         needed_endorsements(*services_.charter, *kind, services_.config.unit)) {
        const bool there = std::find(given.begin(), given.end(), each.role) != given.end();
        view.needed.push_back({std::move(each), there});
    }
    return view;
}

Result<HeldView> EndorsementDesk::find(const Uuid& id) const {
    Result<storage::HeldNotice> held = services_.store.find_held(id);
    if (!held) return held.error();
    return view_of(*std::move(held));
}

Result<std::vector<HeldView>> EndorsementDesk::list(std::size_t limit) const {
    Result<std::vector<storage::HeldNotice>> held = services_.store.list_held(limit);
    if (!held) return held.error();
    std::vector<HeldView> views;
    views.reserve(held->size());
    for (storage::HeldNotice& each : *held) {
        Result<HeldView> view = view_of(std::move(each));
        if (!view) return view.error();
        views.push_back(*std::move(view));
    }
    return views;
}

Checked<Endorsement> EndorsementDesk::check(const HeldView& view,
                                            const HandedEndorsement& handed) const {
    if (services_.charter->find_kind(view.notice.kind) == nullptr) {
        return Reason{Errc::unknown_kind, "kind",
                      "the charter knows it no more: wait until it does, or withdraw the notice"};
    }
    const Result<crypto::Certificate> certificate = crypto::Certificate::from_pem(handed.signer);
    if (!certificate) return Reason{to_errc(certificate.error()), "signer", {}};
    const auto find = [&certificate](const Digest& digest) -> std::optional<crypto::Certificate> {
        if (digest != certificate->digest()) return std::nullopt;
        return *certificate;
    };
    auto opened = crypto::open_endorsement(handed.statement, LogOrigin(services_.log_key.name()),
                                           crypto::leaf_hash(view.held.bytes), find);
    if (!opened) return invalid(to_errc(opened.error()));
    Endorsement& endorsement = opened->endorsement;
    const auto wanted = std::find_if(
        view.needed.begin(), view.needed.end(),
        [&endorsement](const auto& each) { return each.endorsement.role == endorsement.role; });
    if (wanted == view.needed.end()) {
        return Reason{Errc::endorsement_invalid, "statement.role", "the kind asks for none such"};
    }
    if (wanted->endorsement.signer != endorsement.signer) {
        return Reason{
            Errc::endorsement_invalid, "statement.signer",
            "as " + endorsement.role + " signs " + format_spiffe_id(wanted->endorsement.signer)};
    }
    if (wanted->given) return Reason{Errc::act_out_of_order, "statement.role", "is there already"};
    const Result<void> trusted =
        services_.trust.get()->check(*certificate, endorsement.signer.use, services_.clock.now());
    if (!trusted) return Reason{to_errc(trusted.error()), "signer", {}};
    return std::move(endorsement);
}

Checked<HeldView> EndorsementDesk::endorse(const Uuid& id, const HandedEndorsement& handed) const {
    Result<HeldView> view = find(id);
    if (!view) return Reason{to_errc(view.error()), "id", {}};
    const Checked<Endorsement> endorsement = check(*view, handed);
    if (!endorsement) return endorsement.error();
    const Result<void> room = services_.space.admit(handed.statement.size());
    if (!room) return Reason{to_errc(room.error()), {}, std::string(kMakeRoom)};
    for (NeededEndorsement& each : view->needed) {
        if (each.endorsement.role == endorsement->role) each.given = true;
    }
    const bool last = std::all_of(view->needed.begin(), view->needed.end(),
                                  [](const NeededEndorsement& each) { return each.given; });
    const auto then = last ? storage::AfterEndorsement::enqueue : storage::AfterEndorsement::hold;
    const Result<void> stored = written(
        services_,
        services_.store.endorse(id, view->held.endorsements.size(), handed.statement, then));
    if (!stored) return Reason{to_errc(stored.error()), {}, {}};
    view->queued = last;
    services_.logging.info("endorsed", {{"id", id.text()},
                                        {"role", endorsement->role},
                                        {"signer", format_spiffe_id(endorsement->signer)},
                                        {"complete", last ? "yes" : "no"}});
    return *std::move(view);
}

Result<void> EndorsementDesk::withdraw(const Uuid& id) const {
    const Result<void> gone = written(services_, services_.store.withdraw(id));
    if (!gone) return gone.error();
    services_.logging.info("draft_withdrawn", {{"id", id.text()}});
    return {};
}

Checked<HandedEndorsement> EndorsementDesk::stamp(BytesView bytes) const {
    const Checked<Notice> notice = protocol::read_notice(bytes);
    if (!notice) return notice.error();
    const Charter& charter = *services_.charter;
    const Kind* const kind = charter.find_kind(notice->kind);
    const std::vector<Endorsement> needed = kind == nullptr
                                                ? std::vector<Endorsement>()
                                                : needed_endorsements(charter, *kind, notice->from);
    const SpiffeId ours = sign_id(TrustDomain(charter.parts().trust_domain), services_.config.unit);
    const bool asked = std::any_of(needed.begin(), needed.end(), [&ours](const auto& each) {
        return each.role == kStampRole && each.signer == ours;
    });
    if (!asked) {
        return Reason{Errc::not_permitted, "notice", "it asks for no stamp of this unit"};
    }
    const Reasons faults = check_notice(charter, *notice, Viewpoint::unit);
    if (!faults.empty()) return faults.front();
    const std::shared_ptr<const crypto::StatementSigner> seal = services_.seals.in_use();
    Result<Bytes> statement =
        crypto::sign_endorsement(*seal, kStampRole, LogOrigin(services_.log_key.name()),
                                 crypto::leaf_hash(bytes), services_.clock.now());
    if (!statement) return Reason{to_errc(statement.error()), {}, {}};
    services_.logging.info("stamped", {{"id", notice->id.value().text()},
                                       {"from", notice->from.value()},
                                       {"kind", notice->kind.value()}});
    return HandedEndorsement{*std::move(statement), seal->certificate().pem()};
}

}  // namespace tongbao::client
