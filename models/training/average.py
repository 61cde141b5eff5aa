"""The mean of several checkpoints' averaged weights, as one checkpoint. Courses that began at the same weights lie in one valley: their mean
sees what each learnt and forgets less of what they began with (Wortsman et al., Model soups, 2022).
  /usr/bin/python3 average.py OUT.pt A.pt B.pt [C.pt …]"""
import sys, torch
from network import CLASSES


def mean_of(paths):
    nets = [torch.load(path, map_location='cpu')['ema'] for path in paths]
    return {k: torch.stack([net[k].float() for net in nets]).mean(0) if v.dtype.is_floating_point else v for k, v in nets[0].items()}


if __name__ == '__main__':
    out, *paths = sys.argv[1:]
    if len(paths) < 2:
        sys.exit('average.py OUT.pt A.pt B.pt [C.pt …]: name at least two checkpoints')
    torch.save(dict(ema=mean_of(paths), step=0, classes=CLASSES), out)
