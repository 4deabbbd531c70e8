"""Writing a trained network as ONNX: matrix products in whole numbers, the word table and the rest in 16 bits.

The word table is looked up in 16 bits and cast after the look-up, which keeps memory small.
"""

from pathlib import Path

import numpy as np
import onnx  # type: ignore[import-not-found, unused-ignore]  # only in the train extra
import torch
from onnx import numpy_helper  # type: ignore[import-not-found, unused-ignore]

from nlp.train.network import Network
from nlp.train.quantise import quantised

INPUTS = ("input_ids", "attention_mask")
OUTPUTS = ("post", "facts")


def export(network: Network, target: Path) -> None:
    """Write `network` to `target` (an .onnx file)."""
    ids = torch.ones((2, 16), dtype=torch.long)
    whole = target.with_suffix(".whole.onnx")
    torch.onnx.export(
        network,
        (ids, torch.ones_like(ids)),
        whole,
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes={name: {0: "batch", 1: "length"} for name in (*INPUTS, "facts")} | {"post": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )
    onnx.save_model(halved(quantised(onnx.load(whole))), target)
    whole.unlink()


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store every large weight in 16 bits with a cast back to 32 beside it."""
    graph = model.graph
    casts: list[onnx.NodeProto] = []
    gathers = {node.input[0]: node for node in graph.node if node.op_type == "Gather"}
    for weight in list(graph.initializer):
        if weight.data_type != onnx.TensorProto.FLOAT or len(weight.dims) < 2 or np.prod(weight.dims) < 1024:
            continue
        name = weight.name
        small = numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), f"{name}.half")
        graph.initializer.remove(weight)
        graph.initializer.append(small)
        if name in gathers:
            gather = gathers[name]
            result = gather.output[0]
            gather.input[0] = small.name
            gather.output[0] = f"{result}.half"
            cast = onnx.helper.make_node("Cast", [f"{result}.half"], [result], to=onnx.TensorProto.FLOAT)
            at = list(graph.node).index(gather)
            graph.node.insert(at + 1, cast)
        else:
            casts.append(onnx.helper.make_node("Cast", [small.name], [name], to=onnx.TensorProto.FLOAT))
    for cast in reversed(casts):
        graph.node.insert(0, cast)
    onnx.checker.check_model(model)
    return model
