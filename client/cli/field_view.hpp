#pragma once

#include "client/cli/notice_view.hpp"

#include <string>
#include <string_view>

namespace tongbao::client {

/// Shows values as the charter means them.
class FieldView {
public:
    FieldView(const Charter& charter, Masking masking) : charter_(charter), masking_(masking) {}

    /// One value in words: `filed 立案 / filed`, `1234.56 yuan (123456 fen)`, `police 公安厅`.
    /// `rule` may be nullptr, for a field that the charter does not know. Not made printable.
    [[nodiscard]] std::string text(const FieldRule* rule, const Scalar& value);

    /// `police 公安厅`, or the id alone if the charter gives no name.
    [[nodiscard]] std::string unit(const UnitId& id) const;

    /// A value of the charter's enum `type`: `filed 立案 / filed`, or the value alone if the
    /// charter has no words for it.
    [[nodiscard]] std::string enumerated(std::string_view type, const std::string& value) const;

    [[nodiscard]] const TableType* table_of(const FieldRule* rule) const;
    [[nodiscard]] MaskingDone masking_done() const { return done_; }

private:
    [[nodiscard]] std::string words_for(const FieldRule& rule, const std::string& value) const;

    const Charter& charter_;
    Masking masking_;
    MaskingDone done_{MaskingDone::nothing};
};

}  // namespace tongbao::client
