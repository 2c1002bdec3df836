#pragma once

namespace tongbao {

/// One function object of several, for std::visit: a case for each alternative.
template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

// What C++20 deduces by itself and clang 14, which checks our sources, does not.
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace tongbao
