"""A course of training that may be stopped at any time: the three trainers share it (train.py, plates/)."""
import math, os, random, sys, time
import cv2, numpy as np, torch, torch.nn as nn


def log(*m):
    print(time.strftime('%H:%M:%S', time.gmtime()), *m, flush=True)


def has_bfloat16():
    """Whether this processor reckons in bfloat16 itself. Others imitate it: a step of the plate reader took 2.2 s on one, and 0.8 in float."""
    with open('/proc/cpuinfo') as told:
        return bool({'avx512_bf16', 'amx_bf16'} & set(told.read().split()))


def begin(seed, threads):
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    random.seed(seed), np.random.seed(seed), torch.manual_seed(seed), cv2.setRNGSeed(seed)


class Course:
    """Weights, averaged weights, optimiser, the step reached and where chance stands lie in OUT.last.pt: the same command goes on from there,
    and gives what it had given without the stop, if what it learns from is the same at each start (all but the reader of plates, which draws
    new ones as it goes). OpenCV tells nobody where its chance stands, so that begins anew at each step.

    The rate of learning rises over the first `rise` steps and falls as half a cosine to almost nothing at the last."""

    SAVE_EVERY_S = 60

    def __init__(s, net, opt, out, steps, lr, seed, rise=100, clip=10., more=None):
        os.makedirs(os.path.dirname(os.path.abspath(out)), exist_ok=True)
        s.net, s.opt, s.out, s.steps, s.lr, s.seed, s.rise, s.clip, s.more = net, opt, out, steps, lr, seed, rise, clip, more or {}
        s.step, s.averaged, s.run, s.last = 0, None, None, out + '.last.pt'
        if os.path.exists(s.last):
            kept = torch.load(s.last, map_location='cpu')
            net.load_state_dict(kept['net']), opt.load_state_dict(kept['opt'])
            chance = kept.get('chance') or sys.exit(f'{s.last} does not tell where chance stood: it was written by an earlier course.py. Remove it and begin anew.')
            s.step, s.averaged, s.run = kept['step'], kept['ema'], kept['loss']
            random.setstate(chance['random']), np.random.set_state(chance['numpy']), torch.set_rng_state(chance['torch'])
            log(f'goes on at step {s.step}')
        s.averaged = s.averaged or {k: v.clone() for k, v in net.state_dict().items()}
        s.first, s.begun, s.saved = s.step, time.time(), time.time()

    @property
    def done(s): return s.step / s.steps

    def goes_on(s):
        """Whether another step is due; sets its rate of learning."""
        if s.step >= s.steps:
            return False
        cv2.setRNGSeed(s.seed + s.step)
        for g in s.opt.param_groups:
            g['lr'] = s.lr * min(1, (s.step + 1) / s.rise) * (.5 + .5 * math.cos(math.pi * s.done)) + 1e-5
        return True

    def learn(s, loss):
        """One step from this loss. -> the number of the step that is now done."""
        s.opt.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(s.net.parameters(), s.clip)
        s.opt.step()
        s.step += 1
        s.run = float(loss) if s.run is None else .98 * s.run + .02 * float(loss)
        if not math.isfinite(s.run):
            sys.exit(f'loss is not finite at step {s.step}: give the same command again to go on from {s.last}, or lower --lr')
        d = min(.998, s.step / (s.step + 100))
        with torch.no_grad():
            for k, v in s.net.state_dict().items():
                s.averaged[k].mul_(d).add_(v, alpha=1 - d) if v.dtype.is_floating_point else s.averaged[k].copy_(v)
        if s.step % 100 == 0:
            log(f'step {s.step} of {s.steps}, loss {s.run:.4f}, {(time.time() - s.begun) / (s.step - s.first):.3f} s a step')
        if time.time() - s.saved > s.SAVE_EVERY_S or s.step == s.steps:
            s.save(s.last, net=s.net.state_dict(), opt=s.opt.state_dict(), loss=s.run,
                   chance=dict(random=random.getstate(), numpy=np.random.get_state(), torch=torch.get_rng_state()))
            s.saved = time.time()
        return s.step

    def mean(s, net):
        """The averaged weights, in this network of the same make: what is judged and shipped."""
        net.load_state_dict(s.averaged)
        return net

    def save(s, path, **more):
        torch.save(dict(ema=s.averaged, step=s.step, **s.more, **more), path + '.tmp')
        os.replace(path + '.tmp', path)

    def finish(s):
        s.save(s.out)
        log(f'finished at step {s.step}')
