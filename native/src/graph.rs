//! Names that lead to other names, and how far one can get.

use std::collections::BTreeMap;

/// A directed graph of names with weights.
#[derive(Default)]
pub struct Graph {
    ids: BTreeMap<String, usize>,
    nodes: Vec<Node>,
}

#[derive(Default)]
struct Node {
    weight: usize,
    next: Vec<usize>,
}

/// A group of names that all lead to each other, or a name alone.
pub struct Group {
    /// One of the names.
    pub name: String,
    pub is_cycle: bool,
    /// The weight of the heaviest path from here on, each name counted once.
    pub path: usize,
}

impl Graph {
    /// The number of a name, which is added if it is not known.
    pub fn node(&mut self, name: &str) -> usize {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        self.ids.insert(name.to_owned(), self.nodes.len());
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    /// The number of a name that is known.
    pub fn id(&self, name: &str) -> Option<usize> {
        self.ids.get(name).copied()
    }

    /// Gives a name at least this weight.
    pub fn weigh(&mut self, id: usize, weight: usize) {
        if let Some(node) = self.nodes.get_mut(id) {
            node.weight = node.weight.max(weight);
        }
    }

    pub fn lead(&mut self, from: usize, to: usize) {
        if let Some(node) = self.nodes.get_mut(from) {
            node.next.push(to);
        }
    }

    /// All groups, each after those that it leads to (Tarjan's algorithm, without recursion).
    pub fn groups(&self) -> Vec<Group> {
        let mut names = vec![""; self.nodes.len()];
        for (name, id) in &self.ids {
            if let Some(slot) = names.get_mut(*id) {
                *slot = name;
            }
        }
        let mut search = Search {
            graph: self,
            marks: vec![Mark::default(); self.nodes.len()],
            order: 0,
            open: Vec::new(),
            groups: Vec::new(),
        };
        for id in 0..self.nodes.len() {
            search.visit(id, &names);
        }
        search.groups
    }

    fn next(&self, id: usize, at: usize) -> Option<usize> {
        self.nodes.get(id)?.next.get(at).copied()
    }
}

#[derive(Clone, Copy, Default)]
struct Mark {
    /// When the node was met, from 1 on; 0 before.
    order: usize,
    /// The earliest open node that it leads to.
    low: usize,
    /// Its group, once that is complete.
    group: Option<usize>,
}

struct Search<'a> {
    graph: &'a Graph,
    marks: Vec<Mark>,
    order: usize,
    /// Nodes that are met and in no group.
    open: Vec<usize>,
    groups: Vec<Group>,
}

impl Search<'_> {
    fn mark(&self, id: usize) -> Mark {
        self.marks.get(id).copied().unwrap_or_default()
    }

    fn change(&mut self, id: usize, change: impl FnOnce(&mut Mark)) {
        if let Some(mark) = self.marks.get_mut(id) {
            change(mark);
        }
    }

    fn meet(&mut self, id: usize) {
        self.order += 1;
        let order = self.order;
        self.change(id, |mark| *mark = Mark { order, low: order, group: None });
        self.open.push(id);
    }

    fn visit(&mut self, start: usize, names: &[&str]) {
        if self.mark(start).order > 0 {
            return;
        }
        self.meet(start);
        // A node and the number of its edges that were followed.
        let mut path = vec![(start, 0)];
        while let Some((id, at)) = path.pop() {
            match self.graph.next(id, at) {
                Some(next) if self.mark(next).order == 0 => {
                    // The edge is looked at again once `next` is done.
                    path.push((id, at));
                    self.meet(next);
                    path.push((next, 0));
                }
                Some(next) => {
                    let other = self.mark(next);
                    if other.group.is_none() {
                        self.change(id, |mark| mark.low = mark.low.min(other.low));
                    }
                    path.push((id, at + 1));
                }
                None if self.mark(id).low == self.mark(id).order => self.close(id, names),
                None => (),
            }
        }
    }

    /// The open nodes from `id` on are a group.
    fn close(&mut self, id: usize, names: &[&str]) {
        let start = self.open.iter().rposition(|open| *open == id).unwrap_or_default();
        let members = self.open.split_off(start);
        let group = self.groups.len();
        for member in &members {
            self.change(*member, |mark| mark.group = Some(group));
        }
        let (mut weight, mut beyond, mut looped) = (0, 0, false);
        for node in members.iter().filter_map(|member| self.graph.nodes.get(*member)) {
            weight += node.weight;
            for next in &node.next {
                looped |= *next == id;
                let other = self.mark(*next).group.filter(|other| *other != group);
                let path = other.and_then(|other| self.groups.get(other)).map(|other| other.path);
                beyond = beyond.max(path.unwrap_or_default());
            }
        }
        self.groups.push(Group {
            name: names.get(id).copied().unwrap_or_default().to_owned(),
            is_cycle: members.len() > 1 || looped,
            path: weight + beyond,
        });
    }
}
