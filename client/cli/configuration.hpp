#pragma once

#include "client/cli/command.hpp"
#include "client/hub_address.hpp"
#include "client/sandbox/sandbox_file.hpp"
#include "domain/result.hpp"
#include "domain/spiffe_id.hpp"
#include "program/tls_files.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace tongbao::client {

/// How a command reaches a unit's daemon.
struct UnitAccess {
    std::filesystem::path socket;
};

/// How a log auditor reaches a hub, and by what it judges what the hub says.
struct AuditAccess {
    std::string host;
    std::uint16_t port{};
    /// The DNS or IP name that the hub's certificate must hold; empty: `host`.
    std::string hub_name;
    TrustDomain trust_domain;
    /// The log's verifier key, as text; not parsed here.
    std::string log_key;
    program::TlsFiles tls;
    /// A sandbox's: the charter's file.
    std::optional<std::filesystem::path> charter;
};

/// The daemon that the options before the command name: `socket` of --config's file, or that of
/// unit --as in --sandbox's sandbox.json.
///
/// Errors, each with one or more lines for a person in `words`: Errc::bad_argument if neither or
/// both of --config and --sandbox are given, if --as is missing or given without --sandbox, or
/// names no unit of the sandbox (`words` lists those there are); Errc::not_found if there is no
/// such file; Errc::bad_configuration if it can't be read or lacks what is needed. All mean
/// ExitCode::usage. Reads one file.
[[nodiscard]] Result<UnitAccess> unit_access(const Invocation& invocation, std::string& words);

/// The files of who holds a post of unit --as in --sandbox.
///
/// Errors: those of unit_access; Errc::bad_argument without --sandbox, or if the unit has no such
/// post there (`words` lists those that it has).
[[nodiscard]] Result<CertificateFiles> post_files(const Invocation& invocation,
                                                  const std::string& post, std::string& words);

/// The same for `audit`: the `[audit]` table of --config's file, or the auditor of the sandbox, or
/// in its place `unit` of the sandbox if that is not empty; --as is not looked at.
///
/// Errors: those of unit_access but for --as; Errc::bad_argument for a unit without --sandbox;
/// Errc::bad_configuration too if the hub's address or the trust domain has not the form that it
/// should.
[[nodiscard]] Result<AuditAccess> audit_access(const Invocation& invocation,
                                               const std::string& unit, std::string& words);

/// What sets the clock of the test deployment that --sandbox or --config names; none for any other,
/// and if neither is given. In --config's file `clock` stands beside `test_deployment = true`.
///
/// Errors: Errc::not_found, Errc::bad_configuration as unit_access; Errc::bad_argument if both are
/// given.
[[nodiscard]] Result<std::optional<std::filesystem::path>> clock_file(const Invocation& invocation,
                                                                      std::string& words);

}  // namespace tongbao::client
