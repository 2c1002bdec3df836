#include "storage/rocks_cases.hpp"

#include "storage/case_records.hpp"
#include "storage/hub_records.hpp"
#include "storage/key_codec.hpp"
#include "storage/record_codec.hpp"

#include <iterator>
#include <string>
#include <utility>

namespace tongbao::storage {
namespace {

/// What a series' numbers begin with. Division and year have one length, so no two have one text.
std::string series_text(const CaseNumber& number) {
    constexpr std::size_t kSeriesLength = 10;
    return number.value().substr(0, kSeriesLength);
}

Bytes party_key(const CaseNumber& number, const UnitId& unit) {
    return RecordWriter().raw(name_prefix(number.value())).raw(as_bytes(unit.value())).bytes();
}

}  // namespace

void RocksCases::put(Writes& writes, const Commit& commit) const {
    for (const CaseRow& row : commit.cases) {
        writes.put(families_.notices, name_index_key(row.case_number.value(), row.notice),
                   encode_mark());
    }
    // Of one series the last number given comes last, and holds.
    for (const CaseNumber& number : commit.case_numbers) {
        const Result<CaseNumberParts> parts = parse_case_number(number.value());
        if (!parts) continue;  // does not happen: the commit was checked
        writes.put(families_.serials, as_bytes(series_text(number)),
                   encode_case_serial(parts->serial));
    }
    for (const CaseHead& head : commit.case_heads) {
        writes.put(families_.heads, as_bytes(head.number.value()), encode_case_head(head));
    }
    for (const CasePartyRow& row : commit.case_parties) {
        writes.put(families_.parties, party_key(row.number, row.unit), encode_mark());
    }
    for (const CaseFactsRow& row : commit.case_facts) {
        const LogIndex first = row.facts.front().source.entry;
        writes.put(families_.facts, name_index_key(row.number.value(), first),
                   encode_case_facts(row.facts));
    }
}

Result<std::vector<LogIndex>> RocksCases::read_notices(const View& view,
                                                       const CaseNumber& number) const {
    std::vector<LogIndex> notices;
    const std::string& name = number.value();
    if (name.size() > kMaxKeyName) return notices;
    const Bytes prefix = name_prefix(name);
    Cursor cursor = view.cursor(families_.notices);
    for (cursor.seek(prefix); cursor.valid() && has_prefix(cursor.key(), prefix); cursor.next()) {
        const Result<LogIndex> notice = decode_name_index_key(name, cursor.key());
        if (!notice || !decode_mark(cursor.value())) {
            return database_.corrupt(families_.notices, "bad record of " + name);
        }
        notices.push_back(*notice);
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return notices;
}

Result<std::optional<CaseNumber>> RocksCases::last_number(const View& view,
                                                          const CaseSeries& series) const {
    const Result<CaseNumber> first = format_case_number({series, 1});
    if (!first) return first.error();
    const std::string text = series_text(*first);
    const Result<Bytes> value = view.get(families_.serials, as_bytes(text));
    if (!value && value.error() == Errc::not_found) return std::optional<CaseNumber>();
    if (!value) return value.error();
    const Result<std::uint32_t> serial = decode_case_serial(*value);
    if (!serial) return database_.corrupt(families_.serials, "bad record of " + text);
    const Result<CaseNumber> last = format_case_number({series, *serial});
    if (!last) return last.error();
    return std::optional(*last);
}

Result<std::optional<CaseHead>> RocksCases::find(const View& view, const CaseNumber& number) const {
    const Result<Bytes> value = view.get(families_.heads, as_bytes(number.value()));
    if (!value && value.error() == Errc::not_found) return std::optional<CaseHead>();
    if (!value) return value.error();
    Result<CaseHead> head = decode_case_head(number, *value);
    if (!head) return database_.corrupt(families_.heads, "bad record of " + number.value());
    return std::optional(*std::move(head));
}

Result<CasePart> RocksCases::part(const View& view, const CaseNumber& number,
                                  const UnitId& unit) const {
    if (number.value().size() > kMaxKeyName) return CasePart::none;
    const Result<Bytes> value = view.get(families_.parties, party_key(number, unit));
    if (!value && value.error() == Errc::not_found) return CasePart::none;
    if (!value) return value.error();
    if (decode_mark(*value)) return CasePart::some;
    return database_.corrupt(families_.parties, "bad record of " + number.value());
}

Result<std::vector<LedgerFact>> RocksCases::read_facts(const View& view,
                                                       const CaseNumber& number) const {
    std::vector<LedgerFact> facts;
    const std::string& name = number.value();
    if (name.size() > kMaxKeyName) return facts;
    const Bytes prefix = name_prefix(name);
    Cursor cursor = view.cursor(families_.facts);
    for (cursor.seek(prefix); cursor.valid() && has_prefix(cursor.key(), prefix); cursor.next()) {
        const Result<LogIndex> first = decode_name_index_key(name, cursor.key());
        Result<std::vector<LedgerFact>> some = decode_case_facts(cursor.value());
        const bool follows = first && some && some->front().source.entry == *first &&
                             (facts.empty() || facts.back().source.entry < *first);
        if (!follows) return database_.corrupt(families_.facts, "bad record of " + name);
        facts.insert(facts.end(), std::make_move_iterator(some->begin()),
                     std::make_move_iterator(some->end()));
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return facts;
}

}  // namespace tongbao::storage
