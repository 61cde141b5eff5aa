"""eyes.onnx -> the same network in 8 bits (QDQ form), after training and without labels:
  /usr/bin/python3 quantize.py ../eyes.onnx EYES8.onnx --pictures STREET/train --pictures RENDERED
Weights: int8, symmetric, a step for each output channel. What flows between layers: uint8 from zero, a step for each tensor, for
all of it comes from a ReLU or is a sum of such. The last convolution of each tower and the decoding of boxes stay in float.
The second look at people (add_check.py) is left out of what is read, and stays in float: add it to EYES8.onnx afterwards.
What it gains and what it costs: models/README.md, "In 8 bits"."""
import argparse, glob, hashlib, os
import cv2, numpy as np, onnx, torch, torch.nn.functional as F
from onnx import helper, numpy_helper
from add_check import without_check
from measure import view
from pictures import SH, SW

BINS = 2048
FOLD = 4  # pixels of a row that the first layer takes at once; 4, 8 and 16 are equally fast here, 4 multiplies least in vain
COMPUTE = dict(
    Transpose=lambda n, x: x.permute(0, 3, 1, 2), Cast=lambda n, x: x.float(), Relu=lambda n, x: x.relu(), Add=lambda n, a, b: a + b,
    Concat=lambda n, *xs: torch.cat(xs, 1), Resize=lambda n, x, *_: F.interpolate(x, scale_factor=2., mode='nearest'),
    Conv=lambda n, x, w, b: F.conv2d(x, w, b, option(n, 'strides'), option(n, 'pads')[:2], groups=option(n, 'group')))


def option(node, name): return next(helper.get_attribute_value(a) for a in node.attribute if a.name == name)


def weights_of(graph): return {i.name: numpy_helper.to_array(i) for i in graph.initializer}


def flowing(graph):
    """Names of the tensors that become 8 bits: what a ReLU gives, and sums, joins and enlargements of such alone."""
    names = []
    for n in graph.node:
        parts = n.input[:1] if n.op_type == 'Resize' else n.input
        if n.op_type == 'Relu' or n.op_type in ('Add', 'Concat', 'Resize') and all(i in names for i in parts):
            names.append(n.output[0])
    return names


@torch.no_grad()
def look(graph, weights, frames, seen):
    """Computes the network in PyTorch from the file itself, so that what is measured is what is written. seen(name, tensor)."""
    values = {'frames': torch.from_numpy(frames), **weights}
    last = max(k for k, n in enumerate(graph.node) if n.op_type == 'Relu')
    for n in graph.node[:last + 1]:
        if n.op_type != 'Constant':
            values[n.output[0]] = COMPUTE[n.op_type](n, *[values.get(i) for i in n.input])
            seen(n.output[0], values[n.output[0]])


def histograms(graph, batches):
    """How far each flowing tensor reaches, then how often it is where. Zeros are exact in any step and are not counted."""
    weights = {k: torch.from_numpy(v.copy()) for k, v in weights_of(graph).items()}
    reach, counts = dict.fromkeys(flowing(graph), 0.), {}

    def stretch(name, x):
        if name in reach:
            reach[name] = max(reach[name], float(x.max()))

    def count(name, x):
        if name in reach:
            counts[name] = counts.get(name, 0) + torch.histc(x[x > 0], BINS, 0, reach[name]).numpy().astype(np.float64)

    for seen in stretch, count:
        for frames in batches:
            look(graph, weights, frames, seen)
    return {k: (reach[k], counts[k]) for k in reach}


def least_error(reach, counts):
    """Where to cut: what is lost by cutting above and by rounding below is least together."""
    at = (np.arange(BINS) + .5) * reach / BINS
    ends = reach * np.linspace(.1, 1, 91)
    lost = [float((counts * (np.minimum(np.round(at * 255 / e), 255) * e / 255 - at) ** 2).sum()) for e in ends]
    return float(ends[int(np.argmin(lost))])


def share_below(reach, counts, share):
    return float(reach * (np.searchsorted(np.cumsum(counts), share * counts.sum()) + 1) / BINS)


def folded(w):
    """Weights of the first layer (3x3, every second pixel) for FOLD pixels of a row as the channels of one, answering for FOLD/2
    places together: -> [places * channels, FOLD * 3, 3, 2]. The two columns are the pixels to the left and the pixels themselves."""
    places = FOLD // 2
    wide = np.zeros((places, len(w), 2, FOLD, 3, 3), np.float32)  # place, channel, column, pixel, colour, row
    for place in range(places):
        for kx in range(3):
            at = 2 * place + kx - 1
            wide[place, :, int(at >= 0), at % FOLD] = w[:, :, :, kx]
    return wide.transpose(0, 1, 3, 4, 5, 2).reshape(places * len(w), FOLD * 3, 3, 2)


def first_of(graph): return next(n.output[0] for n in graph.node if n.op_type == 'Relu')


def fold_first(graph, ends):
    """The same sums in fewer and wider matrices. In 8 bits the runtime is slow where a pixel has 3 channels and a place 27 products:
    unfolded, this layer took four times the time of the float one."""
    transpose, _, conv, relu = graph.node[:4]
    assert [n.op_type for n in graph.node[:4]] == ['Transpose', 'Cast', 'Conv', 'Relu'], 'not the beginning of eyes'
    weights, name = weights_of(graph), relu.output[0]
    w, b = (weights[i] for i in conv.input[1:])

    def constant(name, value):
        graph.initializer.append(numpy_helper.from_array(value, name))
        return name

    conv.input[1:] = [constant('folded.w', folded(w)), constant('folded.b', np.tile(b, FOLD // 2))]
    del conv.attribute[:]
    conv.attribute.extend(helper.make_attribute(k, v) for k, v in dict(kernel_shape=[3, 2], strides=[2, 1], pads=[1, 1, 1, 0], group=1).items())
    transpose.input[0], relu.output[0] = 'frames.folded', f'{name}.folded'
    # Both reshapes only count the same bytes otherwise, and the runtime cancels the transposes: its 8-bit layers are channels-last.
    graph.node.insert(4, helper.make_node('Transpose', [relu.output[0]], [f'{name}.rows'], perm=[0, 2, 3, 1]))
    graph.node.insert(5, helper.make_node('Reshape', [f'{name}.rows', constant('unfold', np.array([0, 0, -1, len(w)]))], [f'{name}.apart']))
    graph.node.insert(6, helper.make_node('Transpose', [f'{name}.apart'], [name], perm=[0, 3, 1, 2]))
    graph.node.insert(0, helper.make_node('Reshape', ['frames', constant('fold', np.array([0, 0, -1, 3 * FOLD]))], ['frames.folded']))
    ends[relu.output[0]] = ends[name]


class Written:
    """The new graph's nodes and constants, as they are written."""

    def __init__(s):
        s.nodes, s.constants = [], []

    def constant(s, name, value):
        s.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def step(s, op, source, target, step, zero, **more):
        pair = s.constant(f'{target}.step', np.asarray(step, np.float32)), s.constant(f'{target}.zero', zero)
        s.nodes.append(helper.make_node(op, [source, *pair], [target], name=f'{target}.{op}', **more))
        return target

    def there_and_back(s, name, step):
        eight = s.step('QuantizeLinear', name, f'{name}.8', step, np.uint8(0))
        return s.step('DequantizeLinear', eight, f'{name}.back', step, np.uint8(0))

    def weights(s, name, w, b, step_in):
        """Weights by output channel; the bias in 32 bits, in steps of input times weight, as the sum of products has them."""
        steps = np.maximum(np.abs(w).reshape(len(w), -1).max(1), 1e-9) / 127
        w8 = np.round(w / steps.reshape(-1, *[1] * (w.ndim - 1))).astype(np.int8)
        wide = (steps * step_in).astype(np.float32)
        b32 = np.round(b / wide.astype(np.float64)).clip(-2 ** 31, 2 ** 31 - 1).astype(np.int32)
        return [s.step('DequantizeLinear', s.constant(f'{name}.w8', w8), f'{name}.w', steps, np.zeros(len(w), np.int8), axis=0),
                s.step('DequantizeLinear', s.constant(f'{name}.b32', b32), f'{name}.b', wide, np.zeros(len(w), np.int32), axis=0)]


def rewrite(model, ends):
    """`ends`: the largest value of each tensor that becomes 8 bits. A convolution does so where what it reads and what it gives do."""
    graph, weights = model.graph, weights_of(model.graph)
    rectified = {n.input[0] for n in graph.node if n.op_type == 'Relu' and n.output[0] in ends}
    new, now, steps = Written(), {}, {}
    for n in graph.node:
        n.input[:] = [now.get(i, i) for i in n.input]
        name = n.output[0]
        if name == '/Cast_output_0':  # pixels are 8 bits already, in steps of 1: nothing is lost
            steps[new.step('DequantizeLinear', n.input[0], name, 1, np.uint8(0))] = 1.
            continue
        if n.op_type == 'Conv' and name in rectified and n.input[0] in steps:
            n.input[1:] = new.weights(n.name, weights[n.input[1]], weights[n.input[2]], steps[n.input[0]])
        new.nodes.append(n)
        if name in ends:
            now[name] = new.there_and_back(name, ends[name] / 255)
            steps[now[name]] = ends[name] / 255
    used = {i for n in new.nodes for i in n.input}
    rest = [i for i in graph.initializer if i.name in used]
    out = helper.make_model(helper.make_graph(new.nodes, graph.name, graph.input, graph.output, rest + new.constants),
                            opset_imports=model.opset_import, ir_version=model.ir_version, producer_name='quantize.py')
    for p in model.metadata_props:
        out.metadata_props.add(key=p.key, value=p.value)
    return out


def pictures_of(folders, count, sizes):
    """Pictures evenly out of all folders, at the sizes the server looks at, four to a batch."""
    files = [sorted(glob.glob(os.path.join(f, '*.jpg')) + glob.glob(os.path.join(f, '*.png'))) for f in folders]
    chosen = [f[k] for f in files for k in np.linspace(0, len(f) - 1, count // len(files)).astype(int)]
    shown = [cv2.resize(cv2.imread(f), (SW, SH), interpolation=cv2.INTER_AREA) for f in chosen]
    groups = -(-len(shown) // 4)
    return [np.stack([view(im, *sizes[k % len(sizes)]) for im in shown[k::groups]]) for k in range(groups)]


def main():
    a = argparse.ArgumentParser()
    a.add_argument('source')
    a.add_argument('target')
    a.add_argument('--pictures', action='append', required=True, help='a folder of pictures to set the steps by; may be given again')
    a.add_argument('--count', type=int, default=240)
    a.add_argument('--sizes', default='416x256,640x384')
    a.add_argument('--cut', default='error', help='error: where cutting and rounding lose least together; or a share of values, e.g. .9999 or 1')
    a.add_argument('--keep', default='', help='beginnings of names of tensors that stay in float, e.g. /net/stem,/net/hb,/net/hc')
    a = a.parse_args()
    torch.set_num_threads(1)
    model = onnx.load(a.source)
    without_check(model.graph)
    seen = histograms(model.graph, pictures_of(a.pictures, a.count, [tuple(map(int, s.split('x'))) for s in a.sizes.split(',')]))
    ends = {k: least_error(*h) if a.cut == 'error' else share_below(*h, float(a.cut)) for k, h in seen.items()}
    ends = {k: v for k, v in ends.items() if not k.startswith(tuple(a.keep.split(',')) if a.keep else ())}
    if first_of(model.graph) in ends:
        fold_first(model.graph, ends)
    out = rewrite(model, ends)
    onnx.checker.check_model(out)
    onnx.save(out, a.target)
    b = open(a.target, 'rb').read()
    print(f"for models/catalogue.ts: sha256: '{hashlib.sha256(b).hexdigest()}', bytes: {len(b)},")


if __name__ == '__main__':
    main()
