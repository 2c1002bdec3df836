#include "tests/integration/kind_sender.hpp"

#include "crypto/certificate.hpp"
#include "crypto/endorsement.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/signing_key.hpp"
#include "domain/bytes.hpp"
#include "domain/time.hpp"
#include "tests/integration/own_service.hpp"
#include "tests/support/must.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace tongbao::testing {
namespace {

/// Whose notices belong to the case of the transfer: its sender and recipient, who gets a copy, and
/// who keeps the ledger.
const std::set<std::string> kParties{"hsa", "police", "procuratorate", "office"};

bool contains(const Json& list, const std::string& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

const Json* find_named(const Json& list, const char* member, const std::string& name) {
    const auto found = std::find_if(list.begin(), list.end(),
                                    [&](const Json& each) { return each.at(member) == name; });
    return found == list.end() ? nullptr : &*found;
}

/// The last two parts of a SPIFFE URI's path behind `unit`: `hsa` and `sign`, or `hsa` and a post.
std::pair<std::string, std::string> unit_and_use(const std::string& spiffe) {
    const std::string mark = "/unit/";
    const std::size_t unit = spiffe.find(mark) + mark.size();
    const std::size_t end = spiffe.find('/', unit);
    return {spiffe.substr(unit, end - unit), spiffe.substr(spiffe.rfind('/') + 1)};
}

}  // namespace

KindSender::KindSender(const LiveSandbox& sandbox, const std::string& clock)
    : sandbox_(sandbox),
      file_(sandbox.file()),
      charter_(Json::parse(read_text(file_.at("charter_file").get<std::string>()))),
      now_(must(parse_date_time(clock))) {}

LocalClient& KindSender::client(const std::string& unit) {
    const std::string socket = file_.at("units").at(unit).at("socket");
    return clients_.try_emplace(unit, socket).first->second;
}

const Json& KindSender::kind_of(const std::string& id) const {
    const Json* const found = find_named(charter_.at("kinds"), "id", id);
    if (found == nullptr) throw std::runtime_error("no kind " + id);
    return *found;
}

std::vector<std::string> KindSender::online(const Json& addresses) const {
    std::vector<std::string> units;
    for (const std::string address : addresses) {
        const std::string local = "local:";
        if (address.starts_with(local)) {
            const std::string system = "." + address.substr(local.size());
            for (const auto& [unit, files] : file_.at("units").items()) {
                if (unit.starts_with("local.") && unit.ends_with(system)) units.push_back(unit);
            }
        }
        const Json group = charter_.at("groups").value(address, Json());
        const Json members = group.is_object() ? group.at("units") : group;
        for (const std::string unit : members.is_array() ? members : Json::array({address})) {
            if (file_.at("units").contains(unit)) units.push_back(unit);
        }
    }
    return units;
}

std::vector<KindSender::Pair> KindSender::pairs(const Json& kind) const {
    std::vector<Pair> found;
    for (const std::string& from : online(kind.at("from"))) {
        for (const std::string& to : online(kind.at("to"))) {
            if (from != to) found.emplace_back(from, to);
        }
    }
    return found;
}

std::vector<std::string> KindSender::kinds() const {
    std::vector<std::string> ids;
    for (const Json& kind : charter_.at("kinds")) {
        if (!pairs(kind).empty()) ids.push_back(kind.at("id"));
    }
    return ids;
}

std::vector<std::string> KindSender::other_kinds() const {
    std::vector<std::string> ids;
    for (const Json& kind : charter_.at("kinds")) {
        if (pairs(kind).empty()) ids.push_back(kind.at("id"));
    }
    return ids;
}

const SentKind& KindSender::base() {
    if (!base_) base_ = send_between(kind_of("suspected_crime_transfer"), {"hsa", "police"});
    return *base_;
}

SentKind KindSender::send(const std::string& id) {
    const Json& kind = kind_of(id);
    const bool answers = kind.at("reply") == "required";
    for (const Pair& pair : pairs(kind)) {
        // In the transfer's case, by one who has a part in it.
        if (!answers && kind.at("case") == "required" && !kParties.contains(pair.first)) continue;
        SentKind sent = send_between(kind, pair);
        if (!sent.id.empty()) return sent;
    }
    throw std::runtime_error(id + ": nobody could send it");
}

SentKind KindSender::send_outside(const std::string& id) {
    const Json& kind = kind_of(id);
    for (const std::string& from : online(kind.at("from"))) {
        if (kind.at("case") == "required" && !kParties.contains(from)) continue;
        SentKind sent = send_between(kind, {from, kind.at("to").at(0)});
        if (!sent.id.empty()) return sent;
    }
    throw std::runtime_error(id + ": nobody could send it");
}

SentKind KindSender::withdraw(const SentKind& sent, const std::string& before) {
    SentKind correction{{}, sent.from, before, {}};
    Json draft{{"kind", "correction"},
               {"in_reply_to", sent.id},
               {"fields", {{"action", "withdraw"}, {"reason", "合成数据"}}}};
    if (!sent.case_number.empty()) draft["case"] = sent.case_number;
    const Json answer =
        Json::parse(client(sent.from).post("/v1/notices", Json::array({draft}).dump(), 200));
    const Json& first = answer.at("notices").at(0);
    if (first.at("state") == "refused") throw std::runtime_error(first.dump());
    correction.id = first.at("id");
    if (first.at("state") == "awaiting_endorsement") endorse(correction, first.at("endorsements"));
    await(correction);
    return correction;
}

std::optional<SentKind> KindSender::send_asked(const Json& kind, const Pair& pair) {
    const std::string id = kind.at("id");
    if (kind.at("answers") != "listed") {
        // One of the sender's own, or any one between the two that waits for an answer.
        const bool own = kind.at("answers") == "own_notice";
        for (const Json& asked : charter_.at("kinds")) {
            if (asked.at("reply") != "none" || asked.at("replies").empty()) continue;
            for (const Pair& between : pairs(asked)) {
                const bool back = between == Pair(pair.second, pair.first);
                if (between == pair || (back && !own)) return send_between(asked, between);
            }
        }
        return std::nullopt;
    }
    // What answers nothing itself comes first: the shortest way.
    for (const bool deep : {false, true}) {
        for (const Json& asked : charter_.at("kinds")) {
            if ((asked.at("reply") == "required") != deep) continue;
            for (const Json& reply : asked.at("replies")) {
                const bool asks_for = reply.at("kind") == id ||
                                      contains(reply.value("satisfied_by", Json::array()), id);
                if (!asks_for) continue;
                for (const Pair& between : pairs(asked)) {
                    const bool back = between.first == pair.second;
                    if (between.second != pair.first || (reply.at("as") == "reply" && !back)) {
                        continue;
                    }
                    SentKind sent = send_between(asked, between);
                    if (!sent.id.empty()) return sent;
                }
            }
        }
    }
    return std::nullopt;
}

Json KindSender::row_of(const std::string& table, const Pair& pair) {
    Json row = Json::object();
    for (const Json& column : charter_.at("tables").at(table).at("columns")) {
        const std::string name = column.at("name");
        const bool organisation = name == "uscc" || name == "unit";
        if (column.at("required") == true || organisation)
            row[name] = value_of(column, {pair.second, pair.second});
    }
    return row;
}

Json KindSender::value_of(const Json& field, const Pair& pair) {
    const std::string type = field.at("type");
    if (type == "table") return Json::array({row_of(field.at("table"), pair)});
    if (type == "enum" && field.at("values") == "tracks") {
        // One names one's own tracks; a row, which names another unit, that one's.
        const Json* const track =
            find_named(charter_.at("ledger").at("tracks"), "unit", pair.first);
        if (track != nullptr) return track->at("id");
    }
    if (type == "enum") {
        const Json& values = charter_.at("enums").at(field.at("values")).at("values");
        const Json* const hospital = find_named(values, "id", "medical_institution");
        return (hospital != nullptr ? *hospital : values.at(0)).at("id");
    }
    if (type == "post") return field.value("values", Json::array({"liaison"})).at(0);
    if (type == "unit") return pair.second;
    if (type == "notice_ref") return base().id;
    if (type == "bool") return true;
    if (type == "count" || type == "fen") return 2;
    // The codes belong to nobody, division 440099 is not assigned.
    static const std::map<std::string, std::string> kValues{
        {"date", "2020-09-29"},         {"datetime", "2020-09-29T15:30+08:00"},
        {"period", "2020-Q3"},          {"doc_no", "测字〔2020〕1号"},
        {"uscc", "914400990000000160"}, {"medins_code", "H44009900001"},
        {"division", "440099"}};
    const auto found = kValues.find(type);
    return found == kValues.end() ? "合成数据" : found->second;
}

Json KindSender::attachment_of(const Json& attachment, const std::string& unit) {
    if (!uploads_.contains(unit)) {
        const std::string bytes = "%PDF-1.4\n% synthetic\n";
        uploads_[unit] = Json::parse(client(unit).post("/v1/attachments", bytes, 201)).at("sha256");
    }
    return {{"kind", attachment.at("kind")},
            {"name", "synthetic.pdf"},
            {"media_type", "application/pdf"},
            {"sha256", uploads_.at(unit)}};
}

bool KindSender::mend(Json& draft, const Json& kind, const Json& reasons, const Pair& pair) {
    const auto added = [&](const std::string& place) {
        const std::string name = place.substr(place.find('.') + 1);
        if (place.starts_with("fields.") && !draft.at("fields").contains(name)) {
            const Json* const field = find_named(kind.at("fields"), "name", name);
            if (field == nullptr) return false;
            draft["fields"][name] = value_of(*field, pair);
            return true;
        }
        if (!place.starts_with("attachments.")) return false;
        const Json* const attachment = find_named(kind.at("attachments"), "kind", name);
        if (attachment == nullptr) return false;
        draft["attachments"].push_back(attachment_of(*attachment, pair.first));
        return true;
    };
    return std::all_of(reasons.begin(), reasons.end(),
                       [&](const Json& reason) { return added(reason.at("place")); });
}

SentKind KindSender::send_between(const Json& kind, const Pair& pair) {
    SentKind sent{{}, pair.first, pair.second, {}};
    const std::string id = kind.at("id");
    Json draft{{"kind", id},
               {"to", {pair.second}},
               {"fields", Json::object()},
               {"attachments", Json::array()}};
    if (kind.at("reply") == "required") {
        const std::optional<SentKind> asked = send_asked(kind, pair);
        if (!asked) return sent;
        draft["in_reply_to"] = asked->id;
        sent.case_number = asked->case_number;
    }
    if (kind.at("case") == "required") {
        if (sent.case_number.empty()) sent.case_number = base().case_number;
        draft["case"] = sent.case_number;
    }
    for (const Json& field : kind.at("fields")) {
        if (field.at("required") == true) draft["fields"][field.at("name")] = value_of(field, pair);
    }
    for (const Json& rule : kind.value("on_answered", Json::array())) {
        // More time is not given: whether there may be more is for tests of limits.
        const std::string when = rule.value("when", std::string());
        if (rule.at("act") == "extend") draft["fields"][when.substr(0, when.find(' '))] = false;
    }
    for (const Json& attachment : kind.at("attachments")) {
        if (attachment.at("required") == true) {
            draft["attachments"].push_back(attachment_of(attachment, pair.first));
        }
    }
    for (int tries = 0;; ++tries) {
        const Json answer =
            Json::parse(client(pair.first).post("/v1/notices", Json::array({draft}).dump(), 200));
        const Json& first = answer.at("notices").at(0);
        if (first.at("state") == "refused") {
            if (tries < 4 && mend(draft, kind, first.at("reasons"), pair)) continue;
            throw std::runtime_error(id + ": " + first.dump() + draft.dump());
        }
        sent.id = first.at("id");
        if (first.at("state") == "awaiting_endorsement") endorse(sent, first.at("endorsements"));
        await(sent);
        return sent;
    }
}

Json KindSender::post_signature(const std::string& unit, const std::string& post,
                                const Json& held) {
    const Pair holder(unit, post);
    if (!signers_.contains(holder)) {
        for (const Json& each : file_.at("posts")) {
            if (each.at("unit") != unit || each.at("post") != post) continue;
            signers_.emplace(holder, must(crypto::StatementSigner::make(
                                         must(crypto::SigningKey::from_pem(
                                             read_text(each.at("key").get<std::string>()))),
                                         must(crypto::Certificate::from_pem(
                                             read_text(each.at("cert").get<std::string>()))))));
        }
    }
    const crypto::StatementSigner& signer = signers_.at(holder);
    const Bytes notice = must(from_base64(held.at("notice").get<std::string>()));
    const Bytes statement =
        must(crypto::sign_endorsement(signer, post, LogOrigin(held.at("log").get<std::string>()),
                                      crypto::leaf_hash(notice), now_));
    return {{"statement", to_base64(statement)}, {"signer", signer.certificate().pem()}};
}

void KindSender::endorse(const SentKind& sent, const Json& endorsements) {
    const Json held = Json::parse(client(sent.from).get("/v1/held/" + sent.id));
    std::size_t missing = endorsements.size();
    for (const Json& each : endorsements) {
        const auto [unit, use] = unit_and_use(each.at("signer"));
        const Json signature =
            use == "sign" ? Json::parse(client(unit).post(
                                "/v1/stamps", Json{{"notice", held.at("notice")}}.dump(), 200))
                          : post_signature(unit, use, held);
        static_cast<void>(client(sent.from).post("/v1/held/" + sent.id + "/endorsements",
                                                 signature.dump(), --missing == 0 ? 202 : 200));
    }
}

void KindSender::await(SentKind& sent) {
    const Json word = Json::parse(client(sent.from).get("/v1/sent/" + sent.id + "?wait=30"));
    if (word.at("state") != "accepted") throw std::runtime_error(word.dump());
    sent.case_number = word.value("case", std::string());
    if (!file_.at("units").contains(sent.to)) return;
    wait_until(sent.id + " is at " + sent.to, [&] {
        try {
            return !client(sent.to).get("/v1/notices/" + sent.id).empty();
        } catch (const std::runtime_error&) {
            return false;
        }
    });
}

}  // namespace tongbao::testing
