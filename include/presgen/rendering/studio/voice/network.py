"""Neural networks in ONNX files, opened where their durations are: between what is said and how it sounds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from presgen.errors import BadInput

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def keep_quiet() -> None:
    """Forbid the runtime to report how it is used, and to keep a device id for that.

    Needed before whatever imports it, since that is when it looks.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def session(graph: Any) -> InferenceSession:
    """Return ``graph`` ready to run: on one thread, reporting to nobody."""
    keep_quiet()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread: two would change the order of sums, and with it the bits.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def cut(model: Any, name: str) -> tuple[Any, Any]:
    """Return the two parts of ``model``: from phonemes to durations at speed 1, and from both to sound.

    The first part's output is called ``durations``, and so is the input it becomes in the second, where the
    input ``speed`` is gone. The second part is ``model`` itself, changed: it may be large.

    Raises:
        BadInput: the model ``name`` is not built like that.
    """
    from onnx import ModelProto, TensorProto, helper

    try:
        [division] = [node for node in model.graph.node if "speed" in node.input]
        [rounding] = [node for node in model.graph.node if division.output[0] in node.input]
    except ValueError:
        raise BadInput(f"The model {name!r} has no durations where they are expected.") from None
    unhurried, rounded = division.input[0], rounding.output[0]
    replaced = {division.output[0], rounded}
    first, second = ModelProto(), model
    first.CopyFrom(model)
    _keep_what_leads_to(first, unhurried)
    del first.graph.output[:]
    first.graph.output.append(helper.make_tensor_value_info(unhurried, TensorProto.FLOAT, None))
    [place] = [place for place, value in enumerate(second.graph.input) if value.name == "speed"]
    del second.graph.input[place]
    second.graph.input.append(helper.make_tensor_value_info("durations", TensorProto.FLOAT, None))
    for place in reversed(range(len(second.graph.node))):
        node = second.graph.node[place]
        if replaced & set(node.output):
            del second.graph.node[place]
        else:
            node.input[:] = ["durations" if name == rounded else name for name in node.input]
    return first, second


def whole(durations: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return ``durations`` as the networks themselves round them: whole frames, at least one each."""
    rounded: NDArray[np.float64] = np.maximum(1.0, np.round(durations.astype(np.float64)))
    return rounded.reshape(-1)


def _keep_what_leads_to(model: Any, output: str) -> None:
    """Drop what ``output`` does not need: some of the nodes lack their input now."""
    needed = {output}
    kept = []
    for node in reversed(model.graph.node):
        if needed & set(node.output):
            needed |= set(node.input)
            kept.append(node)
    del model.graph.node[:]
    model.graph.node.extend(reversed(kept))
    inputs = [value for value in model.graph.input if value.name in needed]
    del model.graph.input[:]
    model.graph.input.extend(inputs)
    weights = [weight for weight in model.graph.initializer if weight.name in needed]
    del model.graph.initializer[:]
    model.graph.initializer.extend(weights)
