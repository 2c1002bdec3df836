#pragma once

#include "domain/reason.hpp"
#include "domain/result.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace tongbao::testing {

/// What is in a result that a test takes for granted. Throws std::runtime_error with the error if
/// it is one.
template <typename T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message());
    return *std::move(result);
}

template <typename T>
T must(Checked<T> checked) {
    if (!checked) throw std::runtime_error(std::string(code(checked.error().code)));
    return *std::move(checked);
}

}  // namespace tongbao::testing
