#include "client/daemon/drafts.hpp"

#include "client/daemon/detached_tables.hpp"
#include "client/daemon/named_files.hpp"
#include "client/daemon/notice_archive.hpp"
#include "client/daemon/restricted_leaves.hpp"
#include "crypto/random.hpp"
#include "domain/answer_rules.hpp"
#include "domain/answered_act_rules.hpp"
#include "domain/notice_rules.hpp"
#include "protocol/limits.hpp"
#include "protocol/notice_json.hpp"
#include "protocol/object_reader.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace tongbao::client {
namespace {

/// A draft holds no more than its notice and some names.
constexpr std::size_t kMaxDraftBytes = 256 * 1024;

Checked<AttachmentItem> attachment_from(const protocol::JsonValue& value, std::string place) {
    protocol::ObjectReader reader(value, std::move(place));
    const std::string kind = reader.text("kind");
    if (reader.has("none")) {
        if (!reader.boolean("none")) reader.fail(Errc::bad_value, "none", "is true or left out");
        if (auto fault = reader.finish()) return *std::move(fault);
        return AttachmentItem(NoAttachment{kind});
    }
    Attachment attachment;
    attachment.kind = kind;
    attachment.name = reader.text("name");
    attachment.media_type = reader.text("media_type");
    attachment.sha256 = reader.digest_hex("sha256");
    if (auto fault = reader.finish()) return *std::move(fault);
    return AttachmentItem(std::move(attachment));
}

std::vector<UnitAddress> addresses_from(protocol::ObjectReader& reader, std::string_view name) {
    constexpr const char* kExpected = "each is the id of a unit, or local: and a system";
    std::vector<UnitAddress> addresses;
    for (const protocol::JsonValue& item : reader.array(name)) {
        const auto* const text = std::get_if<std::string_view>(&item.value);
        if (text == nullptr) {
            reader.fail(Errc::wrong_type, name, kExpected);
            return addresses;
        }
        Result<UnitAddress> address = parse_unit_address(*text);
        if (!address) {
            reader.fail(Errc::bad_value, name, kExpected);
            return addresses;
        }
        addresses.push_back(*std::move(address));
    }
    return addresses;
}

/// Adds the units at the addresses. Those that were named one by one stay as they were named; of an
/// address of local units only those that `notice` is not from and that are not addressed yet.
void add_units(std::vector<UnitId>& units, const Reach& reach,
               const std::vector<UnitAddress>& addresses, const Notice& notice) {
    for (const UnitAddress& address : addresses) {
        const bool named = !is_local_address(address);
        for (const UnitId& unit : reach.units_at(address)) {
            const bool there = contains(notice.to, unit) || contains(units, unit);
            if (named || (!there && unit != notice.from)) units.push_back(unit);
        }
    }
}

/// Before whom a notice is taken back: all whom it went to and who may be addressed. Of one that
/// went outside alone the office is told, and of the office's own its host.
std::vector<UnitId> told_of_reversal(const Reach& reach, const Kind& kind, const Notice& asked) {
    const Kind* const asked_kind = reach.charter().find_kind(asked.kind);
    std::vector<UnitId> units = online_recipients(reach, asked);
    for (const UnitId& unit : other_recipients(reach, asked)) {
        if (any_covers(kind.to, unit)) units.push_back(unit);
    }
    // Of a restricted one nobody else may know.
    if (!units.empty() || asked_kind == nullptr || asked_kind->restricted()) return units;
    const Office& office = reach.charter().parts().office;
    const UnitId& told = asked.from == office.unit ? office.host : office.unit;
    if (told != asked.from && any_covers(kind.to, told)) units.push_back(told);
    return units;
}

void read_contents(protocol::ObjectReader& reader, Draft& draft) {
    if (reader.has("fields")) {
        for (const protocol::JsonMember& member : reader.object("fields")) {
            auto value =
                protocol::field_value_from(member.value, "fields." + std::string(member.name));
            if (!value) {
                const Reason fault = value.error();
                return reader.fail(fault.code, fault.place, fault.explanation);
            }
            draft.fields.push_back({std::string(member.name), *std::move(value)});
        }
    }
    if (!reader.has("attachments")) return;
    const protocol::JsonValue::Array& items = reader.array("attachments");
    for (std::size_t i = 0; i < items.size(); ++i) {
        auto item = attachment_from(items[i], "attachments[" + std::to_string(i) + ']');
        if (!item) {
            const Reason fault = item.error();
            return reader.fail(fault.code, fault.place, fault.explanation);
        }
        draft.attachments.push_back(*std::move(item));
    }
}

Checked<Draft> draft_from(const protocol::JsonValue& value) {
    protocol::ObjectReader reader(value, "");
    Draft draft;
    draft.kind = KindId(reader.text("kind"));
    if (reader.has("to")) draft.to = addresses_from(reader, "to");
    if (reader.has("cc")) draft.cc = addresses_from(reader, "cc");
    if (reader.has("case")) draft.case_number = CaseNumber(reader.text("case"));
    if (reader.has("in_reply_to")) draft.in_reply_to = NoticeId(reader.uuid("in_reply_to"));
    draft.title = reader.optional_text("title");
    draft.doc_no = reader.optional_text("doc_no");
    draft.secrecy = reader.optional_text("secrecy");
    draft.urgency = reader.optional_text("urgency");
    read_contents(reader, draft);
    if (auto fault = reader.finish()) return *std::move(fault);
    return draft;
}

/// The members that the charter fills in.
std::set<std::string_view> members_left_out(const Draft& draft) {
    std::set<std::string_view> names;
    if (!draft.to) names.insert("to");
    if (!draft.title) names.insert("title");
    if (!draft.secrecy) names.insert("secrecy");
    if (!draft.urgency) names.insert("urgency");
    return names;
}

}  // namespace

Checked<Draft> read_draft(BytesView text) {
    const Checked<protocol::JsonDocument> value = protocol::read_json(text, kMaxDraftBytes);
    if (!value) return value.error();
    return draft_from(*value);
}

Checked<std::vector<Checked<Draft>>> read_drafts(BytesView text) {
    const Checked<protocol::JsonDocument> value = protocol::read_json(text, kMaxDraftsBytes);
    if (!value) return value.error();
    const auto* const items = std::get_if<protocol::JsonValue::Array>(&value->root().value);
    if (items == nullptr) return Reason{Errc::wrong_type, {}, "an array of drafts stands here"};
    if (items->empty() || items->size() > kMaxDraftsAtOnce) {
        return Reason{Errc::bad_value,
                      {},
                      "from 1 to " + std::to_string(kMaxDraftsAtOnce) + " drafts at once"};
    }
    std::vector<Checked<Draft>> drafts;
    drafts.reserve(items->size());
    for (const protocol::JsonValue& item : *items) drafts.push_back(draft_from(item));
    return drafts;
}

Notice DraftDesk::complete(Draft draft, const Kind* kind, const std::optional<Notice>& asked,
                           const Reach& reach) const {
    const Charter& charter = *services_.charter;
    Notice notice;
    const UtcTime now = services_.clock.now();
    notice.id = NoticeId(crypto::make_uuid(now));
    crypto::fill_random(notice.nonce);
    notice.charter = charter.id();
    notice.charter_version = charter.version();
    notice.kind = draft.kind;
    notice.from = services_.config.unit;
    notice.case_number = std::move(draft.case_number);
    notice.in_reply_to = draft.in_reply_to;
    notice.issued_at = now;
    notice.doc_no = std::move(draft.doc_no);
    notice.fields = std::move(draft.fields);
    notice.attachments = std::move(draft.attachments);
    if (draft.to) {
        add_units(notice.to, reach, *draft.to, notice);
    } else if (asked && kind != nullptr && kind->answers == AnswersTo::own_notice) {
        // What is taken back is taken back before all whom it went to.
        notice.to = told_of_reversal(reach, *kind, *asked);
    } else if (asked && kind != nullptr && any_covers(kind->to, asked->from)) {
        notice.to = {asked->from};
    } else if (kind != nullptr && kind->to.size() == 1 && !is_local_address(kind->to.front())) {
        // All local units of a system are a choice that a person makes.
        add_units(notice.to, reach, kind->to, notice);
    }
    if (draft.cc) {
        add_units(notice.cc, reach, *draft.cc, notice);
    } else if (kind != nullptr) {
        for (const UnitAddress& address : kind->cc) {
            for (const UnitId& unit : reach.units_at(address)) {
                const bool addressed = contains(notice.to, unit);
                if (reach.online(unit) && !addressed && unit != notice.from)
                    notice.cc.push_back(unit);
            }
        }
    }
    if (kind == nullptr) {
        notice.title = draft.title.value_or("");
        return notice;
    }
    notice.title = draft.title.value_or(default_title(*kind));
    notice.secrecy = draft.secrecy.value_or(default_secrecy(charter, *kind));
    notice.urgency = draft.urgency.value_or(default_urgency(*kind));
    return notice;
}

Reasons DraftDesk::fill_sizes(Notice& notice) const {
    Reasons reasons;
    for (std::size_t i = 0; i < notice.attachments.size(); ++i) {
        auto* const attachment = std::get_if<Attachment>(&notice.attachments[i]);
        if (attachment == nullptr) continue;
        const Result<std::uint64_t> size =
            services_.attachments.touch(services_.config.unit, attachment->sha256);
        if (size) {
            attachment->size = *size;
        } else {
            reasons.push_back({Errc::attachment_not_uploaded,
                               "attachments[" + std::to_string(i) + ']',
                               "hand the file over to the daemon before the notice"});
        }
    }
    return reasons;
}

std::optional<Notice> DraftDesk::find_notice(const NoticeId& id) const {
    const Result<ArchivedNotice> found = NoticeArchive(services_.store).find(id.value());
    if (!found) return std::nullopt;
    return found->notice;
}

std::variant<PreparedNotice, Reasons> DraftDesk::prepare(Draft draft) const {
    const Charter& charter = *services_.charter;
    const Kind* const kind = charter.find_kind(draft.kind);
    const std::optional<Notice> asked =
        draft.in_reply_to ? find_notice(*draft.in_reply_to) : std::nullopt;
    const std::set<std::string_view> left_out = members_left_out(draft);
    const Reach reach(charter, services_.enrolled.get());
    Notice notice = complete(std::move(draft), kind, asked, reach);
    Reasons reasons = fill_sizes(notice);
    Reasons rules = check_notice(charter, notice, Viewpoint::unit);
    // What an unknown kind's charter would have filled in is no fault of the draft.
    if (kind == nullptr) {
        std::erase_if(rules, [&left_out](const Reason& reason) {
            return left_out.contains(std::string_view(reason.place));
        });
    }
    reasons.insert(reasons.end(), rules.begin(), rules.end());
    const Reasons tables = check_detached_tables(services_, notice);
    reasons.insert(reasons.end(), tables.begin(), tables.end());
    if (asked && kind != nullptr) {
        Reasons answer = check_answer(charter, notice, *asked);
        if (answer.empty()) answer = check_answered_act(reach, notice, *asked);
        const Result<Restricted> kept =
            RestrictedLeaves(charter, services_.store).contains(protocol::Leaf(*asked));
        if (!kept) return Reasons{{to_errc(kept.error()), {}, {}}};
        if (*kept == Restricted::yes && !kind->restricted()) {
            const Reasons others = check_among_parties(notice, *asked);
            answer.insert(answer.end(), others.begin(), others.end());
        }
        // That a field is missing, the kind's own rules may have told.
        std::erase_if(answer, [&reasons](const Reason& reason) {
            return std::any_of(reasons.begin(), reasons.end(), [&reason](const Reason& told) {
                return told.code == reason.code && told.place == reason.place;
            });
        });
        reasons.insert(reasons.end(), answer.begin(), answer.end());
    }
    if (!reasons.empty()) return reasons;

    storage::SentItem item;
    item.id = notice.id.value();
    item.bytes = to_bytes(protocol::write_notice(notice));
    item.queued_at = notice.issued_at;
    if (item.bytes.size() > protocol::kMaxNoticeBytes) {
        return Reasons{{Errc::too_large,
                        {},
                        "a notice has at most " + std::to_string(protocol::kMaxNoticeBytes) +
                            " bytes: send what is large as an attachment"}};
    }
    // What the outbox holds must read back: the hub and every recipient will read these bytes.
    Checked<Notice> read = protocol::read_notice(item.bytes);
    if (!read) return Reasons{read.error()};
    const std::size_t size = item.bytes.size();
    PreparedNotice prepared{std::move(item), {}, {}};
    if (kind != nullptr) prepared.needed = needed_endorsements(charter, *kind, notice.from);
    // What goes into the outbox at once is not read for the third time there.
    if (prepared.needed.empty()) services_.read_notices->keep(*std::move(read), size);
    add_files(notice, prepared.files);
    return prepared;
}

}  // namespace tongbao::client
