"""Puts the second look at people (check.py) behind the detector, into one file with the same inputs and outputs:
  /usr/bin/python3 add_check.py EYES.onnx CHECK.pt OUT.onnx
    boxes, scores ─► of each picture's people, the best of each place ─► cut out of `frames` ─► check ─► score x √check, or more ─► scores
The root, because the detector is right about most of whom it is sure of; near people, of whom it is not, are raised where the check is
certain. Other scores only fall: what is compared with them, the two-wheeler whose rider it may be, was set for the detector's own.
A person who is not the best of his place gets 0: whoever suppresses afterwards would have thrown him out. A file that has a check
already loses it first, so the command may be given again."""
import hashlib, io, sys
import numpy as np, onnx, torch
from onnx import compose, helper, numpy_helper
from check import AROUND, HIGH, WIDE, Check

PEOPLE_MAX = 32   # of a picture are looked at; a square full of people has more, of whom the surest are asked
SCORE_MIN = .05   # below it nobody asks
CERTAIN, RAISE = .9, 2.  # of whom the check is as sure as that, the score is raised, to the double at the most
UNSURE = .1       # but not from where nobody used it (track/tracker.ts, redact/look.ts): no place is covered that was not before
SAME_PLACE = .6   # as measure.py and the server suppress
OWN = 'check.'


def network(path):
    """The check as a graph: `check.cut` [K,3,48,32], colours 0..255 -> `check.people` [K], 0..1."""
    net = Check()
    net.load_state_dict(torch.load(path, map_location='cpu')['ema'])
    net.layers[0][0].weight.data /= 255
    written = io.BytesIO()
    torch.onnx.export(torch.nn.Sequential(net.eval(), torch.nn.Sigmoid()), torch.zeros(2, 3, HIGH, WIDE), written, opset_version=13,
                      input_names=['cut'], output_names=['people'], dynamic_axes=dict(cut={0: 'k'}, people={0: 'k'}))
    return compose.add_prefix(onnx.load_from_string(written.getvalue()), OWN).graph


def without_check(graph):
    """The detector alone, which gives `boxes` and `scores`."""
    kept = [n for n in graph.node if not n.name.startswith(OWN)]
    for n in kept:
        n.output[:] = ['scores' if o == f'{OWN}of.eyes' else o for o in n.output]
    rest = [i for i in graph.initializer if not i.name.startswith(OWN)]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(kept), graph.initializer.extend(rest)


def add(graph, check):
    for n in graph.node:
        n.output[:] = [f'{OWN}of.eyes' if o == 'scores' else o for o in n.output]
    nodes, constants = [], []

    def value(name, v, kind=np.float32):
        constants.append(numpy_helper.from_array(np.asarray(v, kind), OWN + name))
        return OWN + name

    def node(op, inputs, output, **more):
        nodes.append(helper.make_node(op, inputs, [output], name=f'{OWN}{op}.{len(nodes)}', **more))
        return output

    own = lambda name: OWN + name
    whole = np.iinfo(np.int64)
    person = node('Slice', [own('of.eyes'), value('0', [0], np.int64), value('1', [1], np.int64), value('axis', [2], np.int64)], own('person'))
    others = node('Slice', [own('of.eyes'), own('1'), value('end', [whole.max], np.int64), own('axis')], own('others'))
    by_class = node('Transpose', [person], own('by.class'), perm=[0, 2, 1])
    picked = node('NonMaxSuppression', ['boxes', by_class, value('most', PEOPLE_MAX, np.int64), value('same', SAME_PLACE), value('least', SCORE_MIN)], own('picked'))
    at = node('Gather', [picked, value('picture.and.place', [0, 2], np.int64)], own('at'), axis=1)
    box = node('GatherND', ['boxes', at], own('box'))
    middle = node('MatMul', [box, value('to.middle', [[.5, 0], [0, .5], [.5, 0], [0, .5]])], own('middle'))
    size = node('MatMul', [box, value('to.size', [[-1, 0], [0, -1], [1, 0], [0, 1]])], own('size'))
    larger = node('ReduceMax', [size], own('larger'), axes=[1], keepdims=1)
    half = node('Mul', [larger, value('half', [[AROUND * WIDE / HIGH / 2, AROUND / 2]])], own('reach'))
    cut = node('Concat', [node('Sub', [middle, half], own('from')), node('Add', [middle, half], own('to'))], own('piece'), axis=1)
    pixels = node('Cast', [node('Transpose', ['frames'], own('planes'), perm=[0, 3, 1, 2])], own('pixels'), to=onnx.TensorProto.FLOAT)
    picture = node('Squeeze', [node('Slice', [at, own('0'), own('1'), own('1')], own('picture.column')), own('1')], own('picture'))
    node('RoiAlign', [pixels, cut, picture], own('cut'), output_height=HIGH, output_width=WIDE, sampling_ratio=0, mode='avg', spatial_scale=1.)
    nodes.extend(check.node)
    constants.extend(check.initializer)
    flat = node('Squeeze', [person, own('axis')], own('flat'))
    score = node('GatherND', [flat, at], own('score'))
    lowered = node('Mul', [score, node('Sqrt', [own('people')], own('root'))], own('lowered'))
    over = node('Mul', [node('Sub', [own('people'), value('certain', CERTAIN)], own('over')), value('slope', (RAISE - 1) / (1 - CERTAIN))], own('raise'))
    factor = node('Add', [node('Clip', [over, value('none', 0.), value('all', RAISE - 1)], own('raised')), value('one', 1.)], own('factor'))
    known = node('Less', [score, value('unsure', UNSURE)], own('unsure.ones'))
    told = node('Min', [node('Where', [known, lowered, node('Mul', [lowered, factor], own('higher'))], own('wanted')), own('one')], own('told'))
    nobody = node('Mul', [flat, value('nothing', 0)], own('nobody'))
    people = node('Unsqueeze', [node('ScatterND', [nobody, at, told], own('told.flat')), own('axis')], own('told.people'))
    node('Concat', [people, own('others')], 'scores', axis=2)
    graph.node.extend(nodes), graph.initializer.extend(constants)


def main(source, checkpoint, target):
    model = onnx.load(source)
    without_check(model.graph)
    add(model.graph, network(checkpoint))
    onnx.checker.check_model(model)
    onnx.save(model, target)
    b = open(target, 'rb').read()
    print(f"for models/catalogue.ts: sha256: '{hashlib.sha256(b).hexdigest()}', bytes: {len(b)},")


if __name__ == '__main__':
    main(*sys.argv[1:4])
