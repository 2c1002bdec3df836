#include "client/daemon/config.hpp"

#include "client/hub_address.hpp"
#include "crypto/verifier_key.hpp"
#include "program/config_file.hpp"

namespace tongbao::client {

std::vector<std::string> read_daemon_config(const std::filesystem::path& path,
                                            DaemonConfig& config) {
    program::ConfigFile file = program::ConfigFile::read(path);
    if (!file.faults().empty()) return file.faults();
    program::ConfigTable root = file.root();
    const std::string unit = root.text("unit");
    const Result<UnitId> unit_id = parse_unit_id(unit);
    if (!unit_id) root.fault("unit", "must be the id of a unit, as the charter has it");
    if (unit_id) config.unit = *unit_id;
    const Result<HubAddress> hub = parse_hub_url(root.text("hub"));
    if (!hub) root.fault("hub", "must be an address such as https://hub.example:8443");
    if (hub) {
        config.hub_host = hub->host;
        config.hub_port = hub->port;
    }
    config.hub_name = root.text("hub_name", "");
    config.data = root.path("data");
    config.charter = root.path("charter");
    config.log_key = root.text("log_key");
    if (!crypto::VerifierKey::parse(config.log_key)) {
        root.fault("log_key", "must be the log's verifier key, <name>+<id>+<base64>");
    }
    config.socket = root.path("socket");
    config.api_group = root.text("api_group", "");
    config.test_deployment = root.boolean("test_deployment", false);
    const std::string level = root.text("log_level", "info");
    config.log_level = program::log_level_from(level);
    if (level != "debug" && level != "info" && level != "warning" && level != "error") {
        root.fault("log_level", "must be debug, info, warning or error");
    }
    program::ConfigTable tls = root.table("tls");
    config.tls.certificate = tls.path("certificate");
    config.tls.key = tls.path("key");
    config.tls.trust = tls.path("trust");
    config.tls.passphrase = tls.optional_path("passphrase_file");
    tls.finish();
    program::ConfigTable sign = root.table("sign");
    config.sign_certificate = sign.path("certificate");
    config.sign_key = sign.path("key");
    config.sign_passphrase = sign.optional_path("passphrase_file");
    sign.finish();
    program::ConfigTable enrolment = root.table("enrolment", false);
    config.requests = enrolment.optional_path("requests");
    enrolment.finish();
    program::ConfigTable limits = root.table("limits", false);
    config.free_space_bytes = program::read_free_space(limits);
    limits.finish();
    root.finish();
    return file.faults();
}

}  // namespace tongbao::client
