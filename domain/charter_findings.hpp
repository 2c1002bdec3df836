#pragma once

#include "domain/charter.hpp"
#include "domain/charter_enums.hpp"
#include "domain/reason.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::checking {

// The parts of check_charter; nobody else needs them.

/// Collects what is wrong with one charter.
class Findings {
public:
    explicit Findings(const Charter& checked) : charter(checked) {}

    const Charter& charter;

    /// `place` names `name`, a `what` that the charter does not have.
    void unresolved(std::string place, std::string_view what, std::string_view name) {
        reasons_.push_back(Reason{Errc::unresolved_reference, std::move(place),
                                  std::string(what) + " " + std::string(name) + " does not exist"});
    }
    void broken(std::string place, std::string explanation) {
        reasons_.push_back(Reason{Errc::bad_charter, std::move(place), std::move(explanation)});
    }

    // Each notes an unresolved reference if there is nothing of that name.
    void expect_unit(const std::string& place, const UnitId& id);
    void expect_member(const std::string& place, const UnitId& id);
    void expect_address(const std::string& place, const UnitAddress& address);
    void expect_unit_or_group(const std::string& place, const std::string& id);
    void expect_post(const std::string& place, const PostId& id);
    void expect_kind(const std::string& place, const KindId& id);
    void expect_enum(const std::string& place, const std::string& id);
    /// The field of `kind`, or nullptr once the missing reference is noted.
    const FieldRule* expect_field(const std::string& place, const Kind& kind,
                                  std::string_view name);

    /// Notes each of `ids` that stands a second time, at `prefix` and the id.
    void expect_unique(const std::string& prefix, const std::vector<std::string>& ids);

    [[nodiscard]] Reasons take() { return std::move(reasons_); }

private:
    Reasons reasons_;
};

[[nodiscard]] inline std::string indexed(std::string place, std::size_t at) {
    return std::move(place) + '[' + std::to_string(at) + ']';
}

void check_units(Findings& findings);
void check_office(Findings& findings);
void check_ledger(Findings& findings);
void check_enums_and_tables(Findings& findings);
void check_usage(Findings& findings);

void check_kind(Findings& findings, const Kind& kind, const std::string& place);
void check_deadlines(Findings& findings, const Kind& kind, const std::string& place);
void check_replies(Findings& findings, const Kind& kind, const std::string& place);
void check_effects(Findings& findings, const Kind& kind, const std::string& place);
void check_acts(Findings& findings, const Kind& kind, const std::string& place);
void check_clear(Findings& findings, const Kind& kind, const std::string& place);

/// Whether `address` is that of an external body.
[[nodiscard]] bool is_external(const Charter& charter, const UnitAddress& address);

/// The units that owe the answer `reply`, as addresses; externals owe nothing.
[[nodiscard]] std::vector<UnitAddress> owers(const Charter& charter, const Kind& asking,
                                             const ReplyRule& reply);

/// The tracks that an effect of `kind` may move.
[[nodiscard]] std::set<std::string> tracks_moved_by(const Charter& charter, const Kind& kind);

}  // namespace tongbao::checking
