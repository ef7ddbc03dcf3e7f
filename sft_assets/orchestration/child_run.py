"""Run a long, heavy step in a process of its own, through Dagster Pipes."""

import sys

import dagster as dg
from dagster._core.errors import DagsterPipesExecutionError  # not exported by dagster
from dagster_shared.utils.warnings import disable_dagster_warnings

from sft_assets.walk.run_step import STEPS_MODULE, Attempt
from sft_assets.walk.step import Step


def attempt_in_child(
    step: Step,
    partition: str,
    root: str,
    context: dg.AssetExecutionContext,
    steps_module: str = STEPS_MODULE,
) -> Attempt:
    """Materialise ``step`` in a child and return how it went; its log lines go to the run's log."""
    command = [sys.executable, "-m", "sft_assets.walk.run_step"]
    command += ["--step", step.name, "--partition", partition]
    command += ["--root", root, "--steps", steps_module]
    # A terminated run must not leave a trainer behind; it gets time to finish its checkpoint.
    client = dg.PipesSubprocessClient(forward_termination=True, termination_timeout_seconds=60)
    try:
        with disable_dagster_warnings():  # of its own internals
            finished = client.run(context=context.op_execution_context, command=command)
    except DagsterPipesExecutionError as error:
        return Attempt("failed", f"the child process of {step.name} died: {error}", 1)
    (message,) = finished.get_custom_messages()
    return Attempt(**message)
