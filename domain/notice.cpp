#include "domain/notice.hpp"

#include <algorithm>

namespace tongbao {

const Scalar* Row::find(std::string_view name) const noexcept {
    const auto cell = std::find_if(cells.begin(), cells.end(),
                                   [name](const auto& each) { return each.first == name; });
    return cell == cells.end() ? nullptr : &cell->second;
}

const FieldValue* Notice::find(std::string_view name) const noexcept {
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [name](const Field& each) { return each.name == name; });
    return field == fields.end() ? nullptr : &field->value;
}

}  // namespace tongbao
