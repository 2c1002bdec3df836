#pragma once

#include "domain/reason.hpp"
#include "domain/time_zone.hpp"

#include <memory>
#include <string>

namespace tongbao::program {

/// The time zone of that name, such as `Asia/Shanghai`, from this machine's tz database (Debian's
/// tzdata). Read once for each name while the program runs: a newer database counts after a
/// restart. The zone knows the rules of times past and to come as the database has them.
///
/// Errors: Errc::not_found, with the name as its place, if the database has no such zone or it
/// can't be read; for a name that is not `UTC` or of the form `Area/Location`, no file is looked
/// for.
///
/// Costs reading a file of a few KiB; thread-safe, and so is what it gives.
///
/// Source: the IANA Time Zone Database; RFC 8536.
[[nodiscard]] Checked<std::shared_ptr<const TimeZone>> load_time_zone(const std::string& name);

}  // namespace tongbao::program
