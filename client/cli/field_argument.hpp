#pragma once

#include "client/cli/failure.hpp"
#include "domain/charter.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// An argument of the form `name=value`.
struct NamedArgument {
    std::string name;
    std::string value;
};

/// Cuts `argument` at its first equals sign. Fails with ExitCode::usage, naming `option`, if there
/// is none or nothing before it.
[[nodiscard]] Attempt<NamedArgument> split_argument(std::string_view option,
                                                    const std::string& argument);

/// The JSON text of the value of `--field name=value`, by the type that the charter gives the
/// field: `true` and `false` of a bool, whole numbers of a count or an amount in fen, of a table
/// its JSON text or that in the file `@FILE`; every other value is a text. `kind` may be nullptr.
///
/// What does not fit its type, and a field that the kind does not have, becomes a text too: the
/// daemon then refuses it together with everything else that is wrong. Fails with ExitCode::usage
/// for a table that is no JSON or whose file can't be read.
[[nodiscard]] Attempt<std::string> typed_value(const Kind* kind, const NamedArgument& argument);

/// A field as it will stand in the draft.
struct WrittenField {
    std::string name;
    std::string json;
};

/// The members of the JSON object in a file: `--fields FILE`. Fails with ExitCode::usage.
[[nodiscard]] Attempt<std::vector<WrittenField>> read_fields_file(const std::string& path);

}  // namespace tongbao::client
