"""Turning a network's matrix products into products of whole numbers, row by row: twice the speed, exact sums.

Every token's vector is scaled by its own largest value to 8 bits, every column of a weight matrix to 7 bits and a sign;
the products are summed as 32-bit integers. A post's numbers so depend on its own tokens only, whatever runs beside it,
and integer sums are the same on every machine. (ONNX Runtime's own dynamic quantisation scales a whole batch at once.)
Seven bits, because older processors add pairs of 8-bit products in 16 bits and would overflow.
"""

from collections.abc import Iterator

import numpy as np
import onnx  # type: ignore[import-not-found, unused-ignore]  # only in the train extra
from onnx import TensorProto, helper, numpy_helper

WEIGHT_LEVELS, INPUT_LEVELS = 63.0, 127.0
NARROWEST = 64
"""Products with fewer columns (the heads) stay in 32-bit floating point."""
_SMALLEST = 1e-8
"""Keeps a row of zeros from dividing by zero."""


def quantised(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with every large matrix product in whole numbers. `model` holds its weights in 32 bits."""
    graph = model.graph
    weights = {weight.name: weight for weight in graph.initializer}
    for name, value in (("levels", INPUT_LEVELS), ("smallest", _SMALLEST), ("unit", 1.0)):
        graph.initializer.append(numpy_helper.from_array(np.array(value, np.float32), f"rows.{name}"))
    graph.initializer.append(numpy_helper.from_array(np.array(128, np.uint8), "rows.zero"))
    nodes: list[onnx.NodeProto] = []
    scaled: dict[str, str] = {}
    for node in graph.node:
        weight = weights.get(node.input[1]) if node.op_type == "MatMul" else None
        if weight is None or len(weight.dims) != 2 or weight.dims[1] < NARROWEST:
            nodes.append(node)
            continue
        given = node.input[0]
        if given not in scaled:
            scaled[given] = f"rows{len(scaled)}"
            nodes += _scaling(given, scaled[given])
        graph.initializer.extend(_whole_numbers(weight))
        graph.initializer.remove(weight)
        nodes += _product(node, scaled[given], weight.name)
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def _scaling(given: str, rows: str) -> Iterator[onnx.NodeProto]:
    """Each row of `given` over its largest value, as whole numbers around 128."""
    yield helper.make_node("Abs", [given], [f"{rows}.sizes"])
    yield helper.make_node("ReduceMax", [f"{rows}.sizes"], [f"{rows}.most"], axes=[-1], keepdims=1)
    yield helper.make_node("Max", [f"{rows}.most", "rows.smallest"], [f"{rows}.largest"])
    yield helper.make_node("Div", ["rows.levels", f"{rows}.largest"], [f"{rows}.factor"])
    yield helper.make_node("Mul", [given, f"{rows}.factor"], [f"{rows}.scaled"])
    yield helper.make_node("QuantizeLinear", [f"{rows}.scaled", "rows.unit", "rows.zero"], [f"{rows}.whole"])


def _whole_numbers(weight: onnx.TensorProto) -> Iterator[onnx.TensorProto]:
    """A weight matrix by columns: whole numbers up to 63, and what one of them is worth."""
    values = numpy_helper.to_array(weight).astype(np.float32)
    worth = np.abs(values).max(axis=0) / WEIGHT_LEVELS
    worth[worth == 0] = 1
    whole = np.clip(np.round(values / worth), -WEIGHT_LEVELS, WEIGHT_LEVELS).astype(np.int8)
    yield numpy_helper.from_array(whole, f"{weight.name}.whole")
    yield numpy_helper.from_array((worth / INPUT_LEVELS).astype(np.float32), f"{weight.name}.worth")


def _product(node: onnx.NodeProto, rows: str, weight: str) -> Iterator[onnx.NodeProto]:
    made = node.output[0]
    yield helper.make_node("MatMulInteger", [f"{rows}.whole", f"{weight}.whole", "rows.zero"], [f"{made}.sums"])
    yield helper.make_node("Cast", [f"{made}.sums"], [f"{made}.float"], to=TensorProto.FLOAT)
    yield helper.make_node("Mul", [f"{made}.float", f"{weight}.worth"], [f"{made}.columns"])
    yield helper.make_node("Mul", [f"{made}.columns", f"{rows}.largest"], [made])
