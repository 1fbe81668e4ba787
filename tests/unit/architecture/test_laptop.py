"""README's page on what a workspace may do to a laptop: each line with the tests that prove it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROOFS = {
    "Folders": ["unit/workspace/test_mounts.py::test_code_logs_and_mounts_with_real_paths"],
    "Paths": [
        "unit/workspace/test_gate.py::test_every_path_that_leads_outside_is_refused",
        "unit/workspace/test_gate.py::test_the_workspaces_own_files_are_no_links_to_elsewhere",
        "unit/hostile/test_files.py::test_a_fixture_that_is_a_link_to_a_secret",
        "unit/hostile/test_files.py::test_a_fixture_in_a_dumps_folder_that_is_a_link_to_a_secret",
        "unit/hostile/test_files.py::test_the_registrys_configuration_is_no_secret_of_the_users",
        "unit/hostile/test_files.py::test_a_watchers_log_folder_that_is_a_link_to_secrets",
        "unit/hostile/test_files.py::test_a_file_of_the_front_end_that_is_none",
        "unit/hostile/test_files.py::test_a_scaffold_is_not_written_through_a_link",
        "unit/hostile/test_files.py::test_what_a_build_made_is_inside",
    ],
    "Each time": [
        "unit/hostile/test_mounts.py::test_up_refuses_it",
        "unit/hostile/test_mounts.py::test_restart_refuses_it",
        "unit/hostile/test_mounts.py::test_restart_looks_at_what_the_container_was_made_with",
        "unit/hostile/test_mounts.py::test_a_link_that_comes_while_a_plan_is_carried_out",
        "unit/hostile/test_mounts.py::test_a_link_that_comes_before_a_container_is_made",
        "unit/hostile/test_mounts.py::test_nobody_is_let_into_a_container_that_may_have_it",
    ],
    "By itself": [
        "e2e/test_hostile.py::test_a_mounted_folder_that_becomes_a_link",
        "unit/hostile/test_mounts.py::test_status_says_that_it_is_outside_and_touches_nothing",
        "unit/hostile/test_mounts.py::test_what_restarts_by_itself_is_said_to",
        "unit/hostile/test_mounts.py::test_down_ends_it",
    ],
    "Reading": [
        "unit/workspace/test_regular.py::test_what_is_no_file_is_an_error_at_once",
        "unit/workspace/test_regular.py::test_a_file_of_the_largest_size_is_read",
        "unit/workspace/test_regular.py::test_references_that_double_forty_times",
        "unit/hostile/test_files.py::test_a_fixture_that_is_a_pipe",
    ],
    "Your own file": [
        "unit/workspace/test_gate.py::test_one_own_file_may_be_a_link_to_elsewhere",
        "unit/workspace/test_gate.py::test_but_not_where_the_repository_brought_it",
        "unit/system/test_git.py::test_one_that_the_repository_brought",
        "e2e/test_hostile.py::test_a_committed_link_to_a_file_of_the_users",
        "unit/hostile/test_files.py::test_the_mask_of_a_linked_env_local",
        "e2e/test_frontend_tools.py::test_what_is_personal_may_be_a_link_to_elsewhere",
    ],
    "Packages": [
        "unit/frontend/test_personal.py::test_each_folder_by_itself_and_no_file",
        "unit/frontend/test_personal.py::test_a_node_project_gets_all_of_it_with_masks",
        "e2e/test_frontend_tools.py::test_what_is_personal_is_not_to_be_read",
        "e2e/test_frontend_personal.py::test_where_dfhome_is_the_front_end",
        "e2e/test_frontend_personal.py::test_where_it_is_a_folder_beside",
        "e2e/test_frontend_image.py::test_no_layer_has_what_is_personal",
    ],
    "Images": [
        "unit/mysql/test_snapshots.py::test_of_one_that_stands_still",
        "contract/test_stillness.py::test_it_goes_on_when_who_holds_it_is_killed",
        "e2e/test_mysql.py::test_no_image_has_the_password_of_its_user",
    ],
    "Writing": [
        "unit/hostile/test_files.py::test_a_watchers_folder_that_became_a_link_to_secrets",
        "unit/hostile/test_dumps.py::test_a_dump_is_the_users_alone",
        "unit/hostile/test_dumps.py::test_what_lies_where_a_dump_is_written_is_not_followed",
    ],
    "Names": ["unit/hostile/test_dumps.py::test_a_name_is_no_path"],
    "Programs": [
        "unit/system/test_programs.py::test_a_program_of_the_current_folder_is_not_found",
        "unit/system/test_programs.py::test_children_do_not_find_one_either",
        "unit/hostile/test_files.py::test_the_configuration_of_git_in_an_unpacked_folder_runs_nothing",
    ],
    "Dumps": [
        "e2e/test_mysql_files.py::test_a_file_runs_nothing_in_the_container_of_the_database",
        "e2e/test_mysqlsh.py::test_a_dump_of_mysqlsh_goes_out_and_in_and_into_an_image",
        "unit/mysql/test_sql_file.py::test_what_is_not_sourced",
        "unit/mysql/test_sql_file.py::test_a_use_without_its_delimiter_is_sent_as_a_statement",
        "unit/mysql/test_server.py::test_a_client_gets_the_word_that_it_knows",
    ],
    "Your terminal": [
        "unit/ui/test_visible.py::test_nothing_steers_the_terminal",
        "unit/ui/test_visible.py::test_a_log_keeps_its_colours_and_loses_the_rest",
        "unit/architecture/test_outlet.py::test_only_the_outlet_writes",
        "unit/architecture/test_lines_to_type.py::test_what_is_not_ours_is_quoted_in_every_line_to_type",
        "unit/core/test_typed.py::test_a_hint",
    ],
    "Rights": ["unit/workspace/test_consent.py::test_there_is_nothing_else_yet_to_be_asked_about"],
    "Secrets": [
        "unit/core/test_secrets.py::test_it_is_hidden_wherever_it_ends_up",
        "unit/core/test_secrets.py::test_it_is_hidden_as_others_write_it",
        "unit/core/test_secrets.py::test_every_line_of_it_is_hidden_alone",
        "unit/core/test_secrets.py::test_what_an_ellipsis_left_of_it",
        "unit/core/test_secrets.py::test_what_says_nothing_is_not_hidden",
        "unit/core/test_secrets.py::test_names_are_hidden_only_where_they_are_called_secret",
        "unit/workspace/test_secret_values.py::test_of_every_layer",
        "unit/ui/test_visible.py::test_no_secret_gets_out",
        "unit/architecture/test_one_way_out.py::test_whoever_writes_has_a_reason",
        "unit/hostile/test_no_secret_gets_out.py::test_every_command_is_walked",
        "unit/hostile/test_no_secret_gets_out.py::test_no_command_lets_one_out",
        "e2e/test_no_secret_gets_out.py::test_no_command_lets_one_out",
    ],
    "Another engine": [
        "unit/workspace/test_consent.py::test_another_engines_address_is_asked_for",
        "unit/cli/test_nearby.py::test_a_machine_in_a_cloud_is_asked_about",
    ],
    "Another user's": [
        "unit/workspace/test_consent.py::test_somebody_elses_workspace_is_not_read_unasked",
        "unit/workspace/test_consent.py::test_whose_files_are_ones_own",
        "e2e/test_faults_mounts.py::test_root_makes_log_folders_for_the_developer",
    ],
    "Your answer": [
        "e2e/test_allow.py::test_without_a_terminal_it_is_refused_with_what_to_type",
        "e2e/test_allow.py::test_in_a_terminal_it_is_asked_once",
        "unit/workspace/test_consent.py::test_what_one_workspace_was_allowed_no_other_has",
        "unit/workspace/test_gate.py::test_every_path_is_allowed_where_the_user_says_so",
    ],
}


def test_every_line_of_the_page_has_its_proofs() -> None:
    page = (ROOT / "README.md").read_text().split("## What a workspace may do to your laptop")[1].split("\n## ")[0]
    assert re.findall(r"^- \*\*(.+?):\*\*", page, re.MULTILINE) == list(PROOFS)


@pytest.mark.parametrize("proof", sorted({proof for proofs in PROOFS.values() for proof in proofs}))
def test_the_proofs_are_there(proof: str) -> None:
    file, _, name = proof.partition("::")
    assert f"\ndef {name}(" in (ROOT / "tests" / file).read_text()
