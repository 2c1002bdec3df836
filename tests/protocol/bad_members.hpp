#pragma once

#include "domain/errc.hpp"
#include "protocol/limits.hpp"

#include <cstddef>
#include <string>
#include <vector>

// Every class of text that is no strict JSON, as data for all that read it.

namespace tongbao::samples {

/// A member that stands before all others, and the code with which the text is refused.
struct MemberRow {
    const char* name;
    std::string member;
    Errc expected;
};

inline std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

// One level is the object's own.
inline const std::vector<MemberRow>& bad_members() {
    static const std::vector<MemberRow> rows{
        {"a member twice", R"("zz":1,"zz":1)", Errc::duplicate_member},
        {"a member twice, once escaped", R"("zz":1,"\u007az":1)", Errc::duplicate_member},
        {"a member twice further in", R"("zz":[{"a":1,"a":1}])", Errc::duplicate_member},
        {"a raw NUL in a text", std::string("\"zz\":\"a\0\"", 9), Errc::malformed_json},
        {"an escaped NUL in a text", R"("zz":"\u0000")", Errc::malformed_json},
        {"a NUL in a name", R"("z\u0000":1)", Errc::malformed_json},
        {"half a surrogate pair", R"("zz":"\ud800")", Errc::malformed_json},
        {"the other half", R"("zz":"\udc00")", Errc::malformed_json},
        {"a surrogate pair turned round", R"("zz":"\udc00\ud800")", Errc::malformed_json},
        {"a byte that is no UTF-8", "\"zz\":\"\xff\"", Errc::not_utf8},
        {"an overlong slash", "\"zz\":\"\xc0\xaf\"", Errc::not_utf8},
        {"a surrogate in UTF-8", "\"zz\":\"\xed\xa0\x80\"", Errc::not_utf8},
        {"a character beyond Unicode", "\"zz\":\"\xf4\x90\x80\x80\"", Errc::not_utf8},
        {"a level too many", R"("zz":)" + nested(protocol::kMaxJsonDepth), Errc::too_deep},
        {"a fraction", R"("zz":1.5)", Errc::bad_number},
        {"a fraction of nothing", R"("zz":1.0)", Errc::bad_number},
        {"an exponent", R"("zz":1e3)", Errc::bad_number},
        {"minus zero", R"("zz":-0)", Errc::bad_number},
        {"2 to the power of 53", R"("zz":9007199254740992)", Errc::bad_number},
        {"its negative", R"("zz":-9007199254740992)", Errc::bad_number},
        {"an integer beyond 64 bits", R"("zz":18446744073709551616)", Errc::bad_number},
        {"no number", R"("zz":NaN)", Errc::malformed_json},
        {"a comma too many", R"("zz":[1,])", Errc::malformed_json},
        {"a comment", R"("zz":/* a */1)", Errc::malformed_json},
        {"a raw line end in a text", "\"zz\":\"a\nb\"", Errc::malformed_json},
    };
    return rows;
}

/// `good`, an object, with `member` before all others.
inline std::string with_member(const std::string& good, const std::string& member) {
    return good.substr(0, good.find('{') + 1) + member + ',' + good.substr(good.find('{') + 1);
}

}  // namespace tongbao::samples
